import fc from "fast-check";
import { expect, test } from "vitest";
import { isAbsentOrNull, jsonPieceAt } from "./json-piece.ts";

function piece(json: string, start: number) {
  const bytes = Buffer.from(json);
  return jsonPieceAt(bytes, bytes.toString("latin1"), start);
}

test("reads any string as a full parse does, and finds its end", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (value, escaped) => {
      const plain = JSON.stringify(value);
      const json = escaped ? plain.replaceAll(/[^ -~]/g, unicodeEscape) : plain;
      const read = piece(`{"a":${json},"b":"\\""}`, 6);
      expect(read?.value).toBe(JSON.parse(`{"a":${json}}`).a);
      expect(read?.end).toBe(5 + Buffer.byteLength(json));
    }),
    { seed: 3 },
  );
});

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

test.each(['{"a":"', '{"a":"x', '{"a":"x\\"', '{"a":"x\\\\\\"'])("finds no end in %s", (json) => {
  expect(piece(json, 6)).toBeNull();
});

test("an invalid escape is no text", () => {
  expect(piece('{"a":"\\x"}', 6)?.value).toBe("");
});

test.each([
  ['{"b":1}', true],
  ['{"usage":null}', true],
  ['{"usage":null,"x":{"usage":null}}', true],
  ['{"text":"the \\"usage\\":{} of it"}', true],
  ['{"usage":{}}', false],
  ['{"choice":{"usage":null},"usage":{}}', false],
  ['{"usage": {}}', false],
])("tells whether a member stands in %s", (json, expected) => {
  expect(isAbsentOrNull(json, 'usage":')).toBe(expected);
});
