import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { type Example, formExamples, jsonExamples, nameOf } from "./testing/examples.ts";
import {
  expectServing,
  type Fuzzed,
  startFuzzed,
  type Told,
  told,
} from "./testing/start-fuzzed.ts";

let fuzzed: Fuzzed;
beforeEach(async () => {
  fuzzed = await startFuzzed();
});

function send(example: Example, body: Buffer, headers: Record<string, string> = {}): Promise<Told> {
  const { method, path, contentType } = example;
  const all = { "content-type": contentType, ...headers };
  return told(fuzzed.proxy, { method, path, headers: all, body });
}

test.each(formExamples.map((example) => [nameOf(example), example] as const))(
  "a form of any bytes goes on as it is or is refused: %s",
  async (_name, example) => {
    const whole = example.bytes ?? Buffer.alloc(0);
    const change = fc.record({
      at: fc.nat({ max: whole.length }),
      drop: fc.nat({ max: 20 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            "\r\n",
            "\n",
            "--",
            "--b0undary",
            "\r\n--b0undary--\r\n",
            '"',
            ";",
            "\0",
            "model",
          )
          .map((text) => Buffer.from(text)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, drop, put }) => {
        const body = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + drop)]);
        const { status, row } = await send(example, body);
        const arrived = fuzzed.arrived();
        if (status === 200) {
          expect(arrived).toHaveLength(1);
          expect(
            Buffer.from(arrived[0]?.body ?? "").equals(Buffer.from(body.toString("utf8"))),
          ).toBe(true);
        } else {
          expect([400, 413]).toContain(status);
          expect(row.errorCode).toMatch(/^WEIR_(FORM|FIELD)_INVALID$/);
        }
      }),
      { numRuns: 150, seed: 4 },
    );
    await expectServing(fuzzed);
  },
);

test("JSON under another content type is refused, whatever the operation", async () => {
  for (const example of jsonExamples) {
    for (const type of [
      "text/plain;charset=UTF-7",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=b0undary",
      "application/json; charset=utf-16",
      "\u00ff",
    ]) {
      const body = example.bytes ?? Buffer.alloc(0);
      const { status, row } = await send(example, body, { "content-type": type });
      expect([status, row.errorCode]).toEqual([415, "WEIR_CONTENT_TYPE_UNSUPPORTED"]);
    }
  }
  expect(fuzzed.arrived()).toEqual([]);
});

test("a form under any other content type is refused", async () => {
  const [example] = formExamples;
  if (example === undefined) throw new Error("there is no example");
  for (const type of [
    "",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=other",
    "multipart/form-data; boundary=b0undary; boundary=b",
    'multipart/form-data; boundary="b0undary',
    "multipart/mixed; boundary=b0undary",
    `multipart/form-data; boundary=${"b".repeat(71)}`,
    "multipart/form-data; charset=utf-16; boundary=b0undary",
  ]) {
    const body = example.bytes ?? Buffer.alloc(0);
    const { status, row } = await send(example, body, { "content-type": type });
    expect([status, row.errorCode]).toEqual([400, "WEIR_FORM_INVALID"]);
  }
  expect(fuzzed.arrived()).toEqual([]);
});

test.each([
  "gzip",
  "zstd",
  "br",
  "deflate",
  "compress",
  "gzip, gzip, gzip",
  "chunked",
  "__proto__",
])("a body that is not what content-encoding %s says is refused", async (encoding) => {
  for (const example of [...jsonExamples, ...formExamples]) {
    const body = example.bytes ?? Buffer.alloc(0);
    const { status, row } = await send(example, body, { "content-encoding": encoding });
    expect([400, 415]).toContain(status);
    expect(row.errorCode).toMatch(/^WEIR_ENCODING_(INVALID|UNSUPPORTED)$/);
  }
  expect(fuzzed.arrived()).toEqual([]);
});
