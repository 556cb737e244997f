import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonMembers } from "./json-members.ts";

function membersOf(text: string, cuts: readonly number[] = []): Record<string, unknown> {
  const bytes = Buffer.from(text);
  const reader = new JsonMembers();
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  let from = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    reader.push(bytes.subarray(from, end));
    from = end;
  }
  // A member of this name is kept as any other, but `toEqual` would take it for a prototype.
  const { __proto__: _ignored, ...members } = reader.members();
  return members;
}

test("keeps what is small and passes over what is large", () => {
  const image = "x".repeat(70_000);
  const usage = { input_tokens: 3, details: { a: [1, 2] } };
  const text = JSON.stringify({ id: "r", data: [{ b64_json: image }], usage, note: 'a,}]\\"b' });
  expect(membersOf(text)).toEqual({ id: "r", usage, note: 'a,}]\\"b' });
});

test("a member whose name alone is too large is passed over", () => {
  expect(membersOf(JSON.stringify({ ["k".repeat(70_000)]: 1, a: 2 }))).toEqual({ a: 2 });
});

test("reads any object alike, however it is cut into packets", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 8 });
  fc.assert(
    fc.property(object, fc.array(fc.nat()), fc.boolean(), (value, cuts, isPretty) => {
      const text = JSON.stringify(value, null, isPretty ? 2 : 0);
      const { __proto__: _ignored, ...expected } = JSON.parse(text);
      expect(membersOf(text, cuts)).toEqual(expected);
    }),
  );
});

test("what is no JSON object tells nothing and breaks nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = new JsonMembers();
      reader.push(Buffer.from(bytes));
      reader.push(Buffer.from("}]}"));
      expect(reader.members()).toBeTypeOf("object");
    }),
  );
});
