import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type Example, jsonExamples, nameOf } from "./testing/examples.ts";
import {
  expectServing,
  type Fuzzed,
  startFuzzed,
  type Told,
  told,
} from "./testing/start-fuzzed.ts";

const MAX_BODY_BYTES = 2_097_152;
const limits = { maxBodyBytes: MAX_BODY_BYTES, maxUploadBytes: MAX_BODY_BYTES };
const named = jsonExamples.map((example) => [nameOf(example), example] as const);

let fuzzed: Fuzzed;
beforeEach(async () => {
  fuzzed = await startFuzzed({ limits, maxBodyBytesInMemory: 32 * MAX_BODY_BYTES });
});

function send(example: Example, body: Buffer, headers: Record<string, string> = {}): Promise<Told> {
  const { method, path, contentType } = example;
  return told(fuzzed.proxy, {
    method,
    path,
    headers: { "content-type": contentType, ...headers },
    body,
  });
}

/** Status, code, and how many requests have reached the provider. */
async function outcome(example: Example, body: Buffer): Promise<unknown[]> {
  const { status, row } = await send(example, body);
  expect(row.requestBytes).toBeLessThanOrEqual(MAX_BODY_BYTES + 65_536);
  return [status, row.errorCode, fuzzed.arrived().length];
}

const notJson = [400, "WEIR_BODY_NOT_JSON", 0];
const tooComplex = [400, "WEIR_BODY_TOO_COMPLEX", 0];

function nested(open: string, close: string, levels: number): string {
  return open.repeat(levels) + "1" + close.repeat(levels);
}

/** The example's text with one more member. */
function withMember({ json }: Example, member: string): Buffer {
  return Buffer.from(JSON.stringify(json).replace(/\}$/, `,${member}}`));
}

describe.each(named)("%s", (_name, example) => {
  const text = JSON.stringify(example.json);

  test("refuses what is no JSON object in UTF-8", async () => {
    const bodies = [
      "",
      " ",
      "null",
      "1",
      '"text"',
      "[]",
      `[${text}]`,
      `${text}${text}`,
      `${text}x`,
      `\u0000${text}`,
      `${text}\u0000`,
      `\u{feff}${text}`,
      text.replace("{", "{\u0000"),
      text.replace("{", "{,"),
      text.replace(/"/, "'"),
      `data: ${text}\n\n`,
      "{",
      '{"a":01}',
      '{"a":NaN}',
      '{"a":0x1}',
      '{"a":"\n"}',
      '{"a":"\\x41"}',
      "{a:1}",
      '{"a":1,}',
      "\u007f",
    ];
    for (const body of bodies) {
      expect(await outcome(example, Buffer.from(body))).toEqual(notJson);
    }
    for (const encoding of ["utf16le", "ucs2"] as const) {
      expect(await outcome(example, Buffer.from(text, encoding))).toEqual(notJson);
    }
  });

  test("refuses a text that is cut off, wherever it is cut", async () => {
    const whole = Buffer.from(text);
    const step = Math.ceil(whole.length / 25);
    for (let cut = 0; cut < whole.length; cut += step) {
      expect(await outcome(example, whole.subarray(0, cut))).toEqual(notJson);
    }
  });

  test("refuses bytes that are no UTF-8, wherever they stand", async () => {
    const whole = Buffer.from(text);
    // A lone continuation, an overlong slash, an encoded surrogate, beyond U+10FFFF, never allowed.
    const broken = ["80", "c0af", "eda080", "f4908080", "ff", "e282"];
    const bad = fc.constantFrom(...broken).map((hex) => Buffer.from(hex, "hex"));
    await fc.assert(
      fc.asyncProperty(bad, fc.nat({ max: whole.length }), async (bytes, at) => {
        const body = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]);
        fc.pre(!isUtf8(body));
        expect(await outcome(example, body)).toEqual(notJson);
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  test("refuses JSON that is nested too deeply, closed or not", async () => {
    for (const levels of [300, 100_000]) {
      for (const value of [nested("[", "]", levels), nested('{"a":', "}", levels)]) {
        expect(await outcome(example, withMember(example, `"x":${value}`))).toEqual(tooComplex);
      }
      expect(await outcome(example, Buffer.from("[".repeat(levels)))).toEqual(
        expect.arrayContaining([400, 0]),
      );
      expect(await outcome(example, Buffer.from('{"a":'.repeat(levels / 2)))).toEqual(
        expect.arrayContaining([400, 0]),
      );
    }
    for (const member of Object.keys(example.json ?? {})) {
      const changed = { ...example.json, [member]: "deep-here" };
      const body = JSON.stringify(changed).replace('"deep-here"', nested("[", "]", 2_000));
      expect(await outcome(example, Buffer.from(body))).toEqual(tooComplex);
    }
  });
});

const big = jsonExamples.filter(
  ({ id, stream }) =>
    ["chat.completions", "responses", "messages", "gemini.generateContent", "embeddings"].includes(
      id,
    ) && !stream,
);
test.each(big.map((example) => [nameOf(example), example] as const))(
  "a text of great size is taken or refused in little time: %s",
  async (_name, example) => {
    const long = "x".repeat(1_048_576);
    const members = Array.from({ length: 100_000 }, (_, at) => `"m${at}":${at}`).join();
    const cases = [
      `"x":${JSON.stringify(long)}`,
      `"user":${JSON.stringify(long)}`,
      `"x":{${members}}`,
      `"x":[${"0,".repeat(400_000)}0]`,
      `"x":[${"{},".repeat(100_000)}0]`,
      `"x":"${"\\\\".repeat(500_000)}"`,
      `"x":"${"\\u0000".repeat(150_000)}"`,
      `"x":${"9".repeat(500_000)}`,
      `"x":-0.${"0".repeat(500_000)}1e-${"9".repeat(1_000)}`,
    ];
    for (const member of cases) {
      const begun = performance.now();
      const { status } = await send(example, withMember(example, member));
      const arrived = fuzzed.arrived();
      // A parameter nobody knows is the provider's to judge.
      expect([200, 400]).toContain(status);
      expect(arrived).toHaveLength(status === 200 ? 1 : 0);
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
    expect(await outcome(example, withMember(example, `"x":"${long}${long}"`))).toEqual([
      413,
      "WEIR_BODY_TOO_LARGE",
      0,
    ]);
    await expectServing(fuzzed);
  },
  20_000,
);
