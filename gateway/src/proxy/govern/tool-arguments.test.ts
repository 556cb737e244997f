/** Arguments that do not fit, and schemas that were made to hurt whoever checks by them. */
import { expect, test } from "vitest";
import { asked, caller, gate } from "./testing/gate-fixture.ts";

test.each([
  ["schema violation", '{"to":"GB1"}'],
  ["an amount above the schema's", '{"to":"GB1","amount":101}'],
  ["type confusion: null", '{"to":"GB1","amount":null}'],
  ["type confusion: a string for a number", '{"to":"GB1","amount":"5"}'],
  ["a member that is not in the schema", '{"to":"GB1","amount":5,"memo":1}'],
  ["a member that stands twice", '{"to":"GB1","amount":5,"amount":100}'],
  ["no object", '["GB1",5]'],
  ["half an object", '{"to":"GB1"'],
  ["a member __proto__", '{"to":"GB1","amount":5,"__proto__":{"admin":true}}'],
  ["a lone surrogate", '{"to":"\\ud800","amount":5}'],
  ["what is nested too deep", `{"to":${"[".repeat(80)}${"]".repeat(80)},"amount":5}`],
])("%s never reaches policy, and the model may try again", async (_what, argsText) => {
  const { decide, inputs, events } = gate();
  const { decision } = await decide(caller, { ...asked, argsText });
  expect(decision).toMatchObject({ effect: "deny", retryable: true });
  expect(decision.rules[0]?.id).toBe("tool.arguments_invalid");
  expect(inputs).toEqual([]);
  expect(events).toHaveLength(1);
});

const doubling = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => {
    const next = { $ref: `#/$defs/d${index + 1}` };
    return [`d${index}`, { anyOf: [next, next] }];
  }),
);

test.each<[string, unknown]>([
  ["refers to another document", { $ref: "https://schemas.example/a.json" }],
  ["refers to a file", { properties: { a: { $ref: "file:///etc/passwd" } } }],
  ["is a pattern that takes for ever", { properties: { to: { pattern: "(?=a)(a+)+$" } } }],
  ["refers to itself", { $ref: "#" }],
  ["branches without end", { $ref: "#/$defs/d0", $defs: { ...doubling, d60: { type: "null" } } }],
  ["is not valid", { type: "objectt" }],
  ["is too deep", JSON.parse(`${'{"not":'.repeat(90)}{}${"}".repeat(90)}`)],
  ["has too many parts", { allOf: Array.from({ length: 3_000 }, () => ({ type: "object" })) }],
  ["is a text", "string"],
])("attack: a schema that %s denies, and soon", async (_what, schema) => {
  const { decide, inputs } = gate();
  const { decision } = await decide(caller, { ...asked, schema });
  expect([decision.effect, decision.rules[0]?.id]).toEqual(["deny", "tool.arguments_invalid"]);
  expect(inputs).toEqual([]);
});

test("attack: a pattern and a list of a hostile schema take time in proportion to the text", async () => {
  const { decide } = gate();
  const schema = {
    properties: { to: { type: "string", pattern: "^(a+)+$" }, list: { uniqueItems: true } },
  };
  const list = Array.from({ length: 15_000 }, (_, index) => ({ index }));
  const argsText = JSON.stringify({ to: `${"a".repeat(5_000)}!`, list });
  expect((await decide(caller, { ...asked, schema, argsText })).decision.effect).toBe("deny");
  const fits = JSON.stringify({ to: "a".repeat(5_000), list: list.slice(0, 5_000) });
  expect((await decide(caller, { ...asked, schema, argsText: fits })).decision.effect).toBe(
    "allow",
  );
});

test.each([
  [
    "a reference within",
    { properties: { to: { $ref: "#/$defs/t" } }, $defs: { t: { type: "string" } } },
  ],
  ["draft 7", { $schema: "http://json-schema.org/draft-07/schema#", type: "object" }],
  ["formats and words that nobody knows", { properties: { to: { format: "iban" } }, "x-a": 1 }],
  ["true", true],
  ["none", null],
])("a schema with %s is one", async (_what, schema) => {
  const { decide } = gate();
  expect((await decide(caller, { ...asked, schema })).decision.effect).toBe("allow");
});
