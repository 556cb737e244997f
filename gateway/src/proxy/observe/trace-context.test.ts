import { randomFillSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childTraceparent, readTraceContext, traceHeaders } from "./trace-context.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";
const ones = (count: number) => new Uint8Array(count).fill(0x11);
const newTrace = { traceId: "1".repeat(32), parentSpanId: null, sampled: true, traceState: "" };

describe("a valid traceparent", () => {
  test("continues the caller's trace under a span id of our own", () => {
    const headers = { traceparent: `00-${trace}-${span}-01`, tracestate: "vendor=a1" };
    expect(readTraceContext(headers, ones)).toEqual({
      traceId: trace,
      spanId: "1".repeat(16),
      parentSpanId: span,
      sampled: true,
      traceState: "vendor=a1",
    });
  });

  test("keeps the caller's word that it is not sampled, whatever other flags say", () => {
    expect(readTraceContext({ traceparent: `00-${trace}-${span}-fe` }, ones).sampled).toBe(false);
    expect(readTraceContext({ traceparent: `00-${trace}-${span}-03` }, ones).sampled).toBe(true);
  });

  test("of a later version is read for the fields that are known", () => {
    for (const traceparent of [`cc-${trace}-${span}-01`, `01-${trace}-${span}-01-what-comes`]) {
      expect(readTraceContext({ traceparent }, ones).traceId).toBe(trace);
    }
  });
});

describe("an invalid traceparent begins a new trace and drops tracestate", () => {
  test.each([
    ["none", undefined],
    ["empty", ""],
    ["of version ff", `ff-${trace}-${span}-01`],
    ["of version 00 with more behind", `00-${trace}-${span}-01-x`],
    ["of a later version with a field glued on", `01-${trace}-${span}-01x`],
    ["with a trace id of zeros", `00-${"0".repeat(32)}-${span}-01`],
    ["with a span id of zeros", `00-${trace}-${"0".repeat(16)}-01`],
    ["in capitals", `00-${trace.toUpperCase()}-${span}-01`],
    ["with a short trace id", `00-${trace.slice(1)}-${span}-01`],
    ["with a blank before it", ` 00-${trace}-${span}-01`],
    ["sent twice", `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
    ["with a line end", `00-${trace}-${span}-01\n`],
    ["far too long", `01-${trace}-${span}-01-${"x".repeat(600)}`],
  ])("%s", (_, traceparent) => {
    const headers = { ...(traceparent === undefined ? {} : { traceparent }), tracestate: "a=b" };
    expect(readTraceContext(headers, ones)).toMatchObject(newTrace);
  });
});

describe("tracestate", () => {
  const stateOf = (tracestate: string) =>
    readTraceContext({ traceparent: `00-${trace}-${span}-01`, tracestate }, ones).traceState;

  test("is handed on in its order, without blanks and empty entries", () => {
    expect(stateOf("rojo=00f067aa, \t congo=t61rcWkgMzE ,,t@v=1")).toBe(
      "rojo=00f067aa,congo=t61rcWkgMzE,t@v=1",
    );
  });

  test.each([
    ["a key in capitals", "Rojo=1"],
    ["a key twice", "a=1,a=2"],
    ["no value", "a="],
    ["no equals sign", "a"],
    ["two equals signs", "a=1=2"],
    ["a character that is not printable", "a=\u0001"],
    ["letters outside ASCII", "a=é"],
    ["33 entries", Array.from({ length: 33 }, (_, at) => `k${at}=v`).join(",")],
    ["513 characters", `a=${"x".repeat(250)},b=${"x".repeat(250)},c=${"x".repeat(10)}`],
  ])("is dropped as a whole with %s", (_, tracestate) => {
    expect(stateOf(tracestate)).toBe("");
  });
});

test("a child has the call's trace and its sampling, and a span id of its own", () => {
  const context = readTraceContext({ traceparent: `00-${trace}-${span}-00` }, ones);
  const twos = (count: number) => new Uint8Array(count).fill(0x22);
  expect(childTraceparent(context, twos)).toBe(`00-${trace}-${"2".repeat(16)}-00`);
});

test("a provider gets the call's span as parent, and tracestate only if there is one", () => {
  const context = readTraceContext({ traceparent: `00-${trace}-${span}-01` }, ones);
  expect(traceHeaders(context)).toEqual({ traceparent: `00-${trace}-${"1".repeat(16)}-01` });
  expect(traceHeaders({ ...context, traceState: "a=b" })).toHaveProperty("tracestate", "a=b");
});

test("random bytes of zeros still make valid ids", () => {
  const context = readTraceContext({}, (count) => new Uint8Array(count));
  expect(context).toMatchObject({ traceId: `${"0".repeat(31)}1`, spanId: `${"0".repeat(15)}1` });
});

test("whatever headers say, the context is valid and its own headers are read back as they are", () => {
  const random = (count: number) => randomFillSync(new Uint8Array(count));
  const hex = fc.string({
    unit: fc.constantFrom(..."0123456789abcdefABg-".split("")),
    maxLength: 40,
  });
  const headers = fc.tuple(
    fc.oneof(
      fc.string(),
      fc.tuple(hex, hex, hex, hex).map((parts) => parts.join("-")),
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(headers, ([traceparent, tracestate]) => {
      const context = readTraceContext({ traceparent, tracestate }, random);
      expect(context.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      const sent = traceHeaders(context);
      const read = readTraceContext(sent, random);
      expect(read).toMatchObject({
        traceId: context.traceId,
        parentSpanId: context.spanId,
        traceState: context.traceState,
      });
    }),
  );
});
