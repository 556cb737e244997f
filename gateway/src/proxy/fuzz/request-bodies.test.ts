import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../dialects/json-body.ts";
import { findOperation } from "../routes.ts";
import {
  everyExample,
  type Example,
  jsonExamples,
  nameOf,
  opaqueExamples,
} from "./testing/examples.ts";
import { mutated, mutation } from "./testing/mutated-json.ts";
import { badInput, expectServing, startFuzzed, told } from "./testing/start-fuzzed.ts";

const RUNS = 80;

test("every operation of docs/wire-formats.md has an example", () => {
  const page = readFileSync(new URL("../../../../docs/wire-formats.md", import.meta.url), "utf8");
  const documented = [...page.matchAll(/^\| `(?:GET|POST|DELETE) \S+` \| `([\w.]+)` \|/gm)];
  const examples = new Set(everyExample.map(({ id }) => id));
  expect(documented.length).toBeGreaterThan(25);
  expect(documented.map(([, id]) => id).filter((id) => !examples.has(id ?? ""))).toEqual([]);
  for (const { id, method, path } of everyExample) {
    const [only = "", query] = path.split("?");
    const head = { method, path: only, query: query === undefined ? "" : `?${query}`, headers: {} };
    expect(findOperation(head)?.id).toBe(id);
  }
});

/** A body that Weir may have edited on its way: only to ask for the usage chunk of a stream. */
function expectUnchanged(sent: Buffer, arrived: string, { id }: Example): void {
  if (sent.equals(Buffer.from(arrived))) return;
  expect(["chat.completions", "completions"]).toContain(id);
  const was: JsonObject = JSON.parse(sent.toString());
  expect(was["stream"]).toBe(true);
  const options = isJsonObject(was["stream_options"]) ? was["stream_options"] : {};
  const { stream_options: given, ...rest }: JsonObject = JSON.parse(arrived);
  expect(given).toEqual({ ...options, include_usage: true });
  const { stream_options: _, ...expected } = was;
  expect(rest).toEqual(expected);
}

describe("a body with any one member changed", () => {
  const examples = [...jsonExamples, ...opaqueExamples.filter(({ json }) => json !== null)];
  test.each(examples.map((example) => [nameOf(example), example] as const))(
    "goes on as it is or is refused as bad input, and leaves one row: %s",
    async (_name, example) => {
      const fuzzed = await startFuzzed();
      const { method, path, contentType, json } = example;
      let served = 0;
      await fc.assert(
        fc.asyncProperty(mutation, async (change) => {
          const body = Buffer.from(mutated(json, change));
          const headers = { "content-type": contentType };
          const { status, row } = await told(fuzzed.proxy, { method, path, headers, body });
          const arrived = fuzzed.arrived();
          if (status === 200) {
            served += 1;
            expect(arrived).toHaveLength(1);
            expectUnchanged(body, arrived[0]?.body ?? "", example);
          } else {
            expect(badInput).toContain(status);
            expect(row.errorCode).toMatch(/^WEIR_(BODY|FIELD)_/);
            expect(arrived).toEqual([]);
          }
          const isRead = !opaqueExamples.includes(example);
          const isTwice = change.change.kind === "duplicate" && isRead && hasTwice(body);
          if (isTwice) expect(row.errorCode).toBe("WEIR_BODY_AMBIGUOUS");
        }),
        { numRuns: RUNS, seed: 4 },
      );
      expect(served).toBeGreaterThan(RUNS / 5);
      await expectServing(fuzzed);
    },
  );
});

/** Whether a member stands twice: then the text has more names than what is read of it. */
function hasTwice(body: Buffer): boolean {
  let names = 0;
  JSON.parse(body.toString(), (_name, each: unknown) => {
    if (isJsonObject(each)) names += Object.keys(each).length;
    return each;
  });
  const text = body.toString().replaceAll(/"(?:[^"\\]|\\.)*"/g, "0");
  return [...text.matchAll(/:/g)].length > names;
}
