import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonArrayFrames } from "./json-array-frames.ts";

const UNBOUNDED = 1_000_000;

function framesOf(packets: Buffer[]): { frames: string[]; rest: string } {
  const splitter = new JsonArrayFrames(UNBOUNDED);
  const frames = packets.flatMap((packet) => splitter.push(packet));
  return { frames: frames.map(String), rest: String(splitter.rest()) };
}

const streams: Record<string, { text: string; frames: string[]; rest?: string }> = {
  "Google's spacing": {
    text: '[{\n  "a": 1\n}\n,\r\n{\n  "b": 2\n}\n]\n',
    frames: ['[{\n  "a": 1\n}', '\n,\r\n{\n  "b": 2\n}'],
    rest: "\n]\n",
  },
  "no spacing at all": { text: '[{"a":1},{"b":2}]', frames: ['[{"a":1}', ',{"b":2}'], rest: "]" },
  "an empty array": { text: " [ ]", frames: [], rest: " [ ]" },
  "brackets, quotes and backslashes inside strings": {
    text: String.raw`[{"a":"}]\"{["},{"b":"\\"},{"c":"\\\""}]`,
    frames: [String.raw`[{"a":"}]\"{["}`, String.raw`,{"b":"\\"}`, String.raw`,{"c":"\\\""}`],
    rest: "]",
  },
  "nested objects and arrays": {
    text: '[{"a":[{"b":[]}]},[[1],2],{}]',
    frames: ['[{"a":[{"b":[]}]}', ",[[1],2]", ",{}"],
    rest: "]",
  },
  "characters of several bytes": {
    text: '[{"t":"日本 😀"},{"ü":1}]',
    frames: ['[{"t":"日本 😀"}', ',{"ü":1}'],
    rest: "]",
  },
  "one object instead of an array": {
    text: '{"error":{"code":500}}\n',
    frames: ['{"error":{"code":500}}'],
    rest: "\n",
  },
  "an array that breaks off": { text: '[{"a":1},{"b":', frames: ['[{"a":1}'], rest: ',{"b":' },
};

describe("JSON array frames", () => {
  test.each(Object.entries(streams))(
    "gives the same whole elements for %s, cut at every byte",
    (_name, { text, frames, rest = "" }) => {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const packets = [bytes.subarray(0, cut), bytes.subarray(cut)];
        expect(framesOf(packets), `cut at ${cut}`).toEqual({ frames, rest });
      }
      const single = [...bytes].map((byte) => Buffer.from([byte]));
      expect(framesOf(single)).toEqual({ frames, rest });
    },
  );

  test("finds every element of any array, and keeps every byte of anything", () => {
    const element = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(fc.array(element), fc.constantFrom(0, 2), (elements, indent) => {
        const text = JSON.stringify(elements, null, indent);
        const { frames, rest } = framesOf([Buffer.from(text)]);
        const parsed: unknown[] = frames.map((frame) => JSON.parse(frame.replace(/^[\s[,]+/, "")));
        expect(parsed).toEqual(JSON.parse(text));
        expect(frames.join("") + rest).toBe(text);
      }),
      { seed: 3 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (array, cut) => {
        const splitter = new JsonArrayFrames(20);
        const bytes = Buffer.from(array);
        const frames = [bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((packet) =>
          splitter.push(packet),
        );
        expect(Buffer.concat([...frames, splitter.rest()])).toEqual(bytes);
      }),
      { seed: 3 },
    );
  });

  test("attack: closing brackets that were never opened do not shift where elements end", () => {
    expect(framesOf([Buffer.from(']}]{"a":1}')])).toEqual({ frames: [']}]{"a":1}'], rest: "" });
  });

  test("passes bytes unread once an element is larger than the bound", () => {
    const splitter = new JsonArrayFrames(8);
    expect(splitter.push(Buffer.from('[{"a":12')).map(String)).toEqual([]);
    expect(splitter.push(Buffer.from("3")).map(String)).toEqual(['[{"a":123']);
    expect(splitter.overflowed).toBe(true);
    expect(splitter.push(Buffer.from('},{"b":1}]')).map(String)).toEqual(['},{"b":1}]']);
  });
});
