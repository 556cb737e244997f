import { describe, expect, test } from "vitest";
import { editMembers, parseBody } from "./json-body.ts";

const governed = ["model", "stream"];
const parse = (text: string | Buffer) => parseBody(Buffer.from(text), governed);
const edit = (text: string, member: string, json: string | null) =>
  editMembers(Buffer.from(text), [{ member, json }]).toString();

describe("parsing a request body", () => {
  test("accepts any JSON object", () => {
    const text = '{"model":"a","x":{"a":[{"b":1},{"b":":"}],"c":"\\"d\\":1"},"y":[],"z":{}}';
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  test.each(["", "{", "[]", "null", '"text"', "{'model':1}", '{"a":1}x', "\uFEFF{}"])(
    "refuses %j",
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: "WEIR_BODY_NOT_JSON" }));
    },
  );

  test("refuses bytes that are not UTF-8, which others might read as another model name", () => {
    const bytes = Buffer.concat([
      Buffer.from('{"model":"a'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(() => parse(bytes)).toThrow(expect.objectContaining({ code: "WEIR_BODY_NOT_JSON" }));
  });

  test.each([
    ["at the top", '{"model":"allowed","stream":true,"model":"forbidden"}'],
    ["spelled with an escape", '{"model":"allowed","\\u006dodel":"forbidden"}'],
    ["in a tool", '{"model":"a","tools":[{"function":{"name":"ok","name":"bad"}}]}'],
    ["after strings full of quotes and colons", '{"a":"\\\\\\":\\"","b":{"c":1,"c":2}}'],
  ])("attack: refuses a member that stands twice %s", (_where, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "WEIR_BODY_AMBIGUOUS" }));
  });

  test("attack: refuses a governed member in another case, which some providers would obey", () => {
    expect(() => parse('{"model":"allowed","Model":"forbidden"}')).toThrow(
      expect.objectContaining({ code: "WEIR_BODY_AMBIGUOUS" }),
    );
    expect(parse('{"model":"a","Other":1}')).toEqual({ model: "a", Other: 1 });
  });
});

describe("attack: what a few bytes unfold to", () => {
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const tooComplex = expect.objectContaining({ code: "WEIR_BODY_TOO_COMPLEX" });

  test("a body nested 256 levels deep is read, a deeper one refused before it is parsed", () => {
    expect(parse(nested(256))).toHaveProperty("a");
    expect(() => parse(nested(257))).toThrow(tooComplex);
    expect(() => parse(nested(5_000_000))).toThrow(tooComplex);
    expect(() => parse('{"a":'.repeat(300))).toThrow(tooComplex);
    expect(parse(`{"a":"${"[{".repeat(1_000)}"}`)).toHaveProperty("a");
  });

  test("a body of more than half a million values is refused before it is parsed", () => {
    expect(parse(`{"a":[${"{},".repeat(200_000)}0]}`)).toHaveProperty("a");
    for (const value of ["{},", "0,", "[],", '"",']) {
      expect(() => parse(`{"a":[${value.repeat(500_000)}0]}`)).toThrow(tooComplex);
    }
  });

  test("what is parsed takes room of its own, many times that of its bytes", () => {
    const taken: number[] = [];
    const room = { take: (bytes: number) => taken.push(bytes) };
    parseBody(Buffer.from(`{"a":[${"{},".repeat(10_000)}0]}`), governed, room);
    expect(taken).toEqual([64 * (1 + 1 + 1 + 20_000)]);
    const full = new Error("full");
    const take = () => {
      throw full;
    };
    expect(() => parseBody(Buffer.from("{}"), governed, { take })).toThrow(full);
  });

  // Go's encoding/json folds both to ASCII: https://pkg.go.dev/encoding/json#Unmarshal
  test.each(["\u017ftream", "STREAM", "\\u017fTREAM"])(
    "a governed member in letters that fold to it is refused: %s",
    (name) => {
      expect(() => parse(`{"model":"a","${name}":true}`)).toThrow(
        expect.objectContaining({ code: "WEIR_BODY_AMBIGUOUS" }),
      );
    },
  );
});

describe("editing a request body", () => {
  test("sets a member and leaves every other byte as it was", () => {
    expect(edit('{ "a" : 1.0 ,"model": "x" , "n":1e3}', "model", '"y"')).toBe(
      '{ "a" : 1.0 ,"model":"y", "n":1e3}',
    );
    expect(edit('{"é":"日","model":["x",{"model":1}]}', "model", "2")).toBe('{"é":"日","model":2}');
  });

  test("adds a member at the end", () => {
    expect(edit('{"a":{"b":1}}\n', "c", "true")).toBe('{"a":{"b":1},"c":true}\n');
    expect(edit("{}", "c", "true")).toBe('{"c":true}');
    expect(edit('{ "a":"}" }', "c", "1")).toBe('{ "a":"}" ,"c":1}');
  });

  test("removes a member wherever it stands", () => {
    for (const text of [
      '{"x":1,"a":2,"b":3}',
      '{"a":2,"x":{"y":[1,2]},"b":3}',
      '{"a":2,"b":3,"x":"}"}',
    ]) {
      expect(JSON.parse(edit(text, "x", null))).toEqual({ a: 2, b: 3 });
    }
    expect(JSON.parse(edit('{"x":1}', "x", null))).toEqual({});
    expect(edit('{"a":1}', "x", null)).toBe('{"a":1}');
  });

  test("finds a member whose name is written with escapes", () => {
    expect(JSON.parse(edit('{"\\u006dodel":"x"}', "model", '"y"'))).toEqual({ model: "y" });
  });
});
