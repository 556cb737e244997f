/** JSON texts that are nearly a given one: valid JSON always, but changed in one member at any depth. */
import fc from "fast-check";
import { isJsonObject, type JsonValue } from "../../dialects/json-body.ts";

export type Change =
  | { readonly kind: "replace"; readonly json: string }
  | { readonly kind: "remove" }
  | { readonly kind: "duplicate"; readonly json: string }
  | { readonly kind: "rename"; readonly name: string | null }
  | { readonly kind: "add"; readonly name: string; readonly json: string };

export interface Mutation {
  /** Which value, counted through the whole text in the order in which it stands there. */
  readonly at: number;
  readonly change: Change;
}

/** Values that are nearly right are worth more than noise. */
const awkward = fc.constantFrom(
  "null",
  "true",
  "[]",
  "{}",
  '""',
  "-1",
  "0",
  "-0",
  "1e308",
  "1e-9",
  "9007199254740993",
  "123456789012345678901234567890",
  "1.0",
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00x\\ud800"',
  '"sim-echo"',
  '"function"',
  '"__proto__"',
  '{"__proto__":1}',
  '{"constructor":{"prototype":1}}',
  '{"type":"function","name":""}',
  "[null]",
  "[[[]]]",
  JSON.stringify("x".repeat(300)),
);
const anyJson = fc.oneof(
  awkward,
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
);
const anyName = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "model",
    "stream",
    "tools",
    "",
    "\u0000",
    "Model",
  ),
  fc.string({ unit: "grapheme", maxLength: 8 }),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat({ max: 200 }),
  change: fc.oneof(
    anyJson.map((json) => ({ kind: "replace", json }) as const),
    fc.constant({ kind: "remove" } as const),
    anyJson.map((json) => ({ kind: "duplicate", json }) as const),
    // Null = in another case.
    fc.option(anyName).map((name) => ({ kind: "rename", name }) as const),
    fc.record({ kind: fc.constant("add" as const), name: anyName, json: anyJson }),
  ),
});

/** How many values a text has, itself included. */
export function countValues(value: JsonValue | undefined): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, child) => sum + countValues(child), 1);
}

/** The text with one change in it, and the kind of change that could be made there. */
export function mutated(value: JsonValue, { at, change }: Mutation): string {
  const chosen = 1 + (at % Math.max(1, countValues(value) - 1));
  let seen = 0;
  const render = (each: JsonValue | undefined): string => {
    if (Array.isArray(each)) return `[${each.flatMap((item) => changed(null, item)).join()}]`;
    if (!isJsonObject(each)) return JSON.stringify(each);
    return `{${Object.entries(each)
      .flatMap(([name, item]) => changed(name, item))
      .join()}}`;
  };
  const changed = (name: string | null, item: JsonValue | undefined): string[] => {
    seen += 1;
    const isChosen = seen === chosen;
    const rendered = render(item);
    return isChosen ? apply(change, name, rendered) : [as(name, rendered)];
  };
  return render(value);
}

/** A member of an object, or an element of a list, which has no name. */
function as(name: string | null, json: string): string {
  return name === null ? json : `${JSON.stringify(name)}:${json}`;
}

function apply(change: Change, name: string | null, rendered: string): string[] {
  if (change.kind === "remove") return [];
  if (change.kind === "replace") return [as(name, change.json)];
  if (change.kind === "duplicate") return [as(name, rendered), as(name, change.json)];
  if (change.kind === "rename") {
    return [as(name === null ? null : (change.name ?? otherCase(name)), rendered)];
  }
  return [as(name, rendered), as(name === null ? null : change.name, change.json)];
}

function otherCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}
