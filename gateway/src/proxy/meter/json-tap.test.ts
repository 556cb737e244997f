import { expect, test } from "vitest";
import type { ResponseFacts } from "../dialects/dialect.ts";
import { unknownResponse } from "../dialects/response-facts.ts";
import { JsonTap } from "./json-tap.ts";

const read = (value: unknown): ResponseFacts => ({
  ...unknownResponse(),
  rawUsage: JSON.stringify(value) ?? "",
});
const body = Buffer.from('{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":2}}');

test("holds a body whole and reads it", () => {
  const tap = new JsonTap(read, 1_000);
  expect([tap.push(body.subarray(0, 9)), tap.push(body.subarray(9))]).toEqual([null, null]);
  expect(tap.facts().rawUsage).toBe(body.toString());
  expect(tap.release()).toEqual(body);
});

test("lets a larger body pass, but never its last packet before release, and reads its small members", () => {
  for (const maxHeldBytes of [0, 5, 20]) {
    const tap = new JsonTap(read, maxHeldBytes);
    const sent: Buffer[] = [];
    for (let at = 0; at < body.length; at += 7) {
      const packet = body.subarray(at, at + 7);
      const passed = tap.push(packet);
      if (passed !== null) sent.push(passed);
      const last = body.subarray(0, at + packet.length);
      expect(Buffer.concat(sent).length).toBeLessThan(last.length);
    }
    expect(tap.facts().rawUsage).toBe(maxHeldBytes === 0 ? "" : body.toString());
    expect(Buffer.concat([...sent, tap.release() ?? Buffer.alloc(0)])).toEqual(body);
  }
});
