/** As much of JSON Schema as the API's own document uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

const texts = ["x", "2026-11-23", "20261123", "bob", "a".repeat(8)];

function textOf({ pattern = "", minLength = 0 }: JsonSchema): string {
  const fitting = texts.find(
    (text) => text.length >= minLength && new RegExp(pattern, "u").test(text),
  );
  if (fitting !== undefined) return fitting;
  throw new Error(`no sample fits the pattern ${pattern} with ${minLength} characters`);
}

/** The smallest value that fits, with all that is not optional. @throws Error for an unknown keyword */
export function sampleOf(schema: JsonSchema): unknown {
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return sampleOf(first);
  if (schema.enum !== undefined) return schema.enum[0];
  if ("const" in schema) return schema.const;
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] ?? {})]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}));
    case "string":
      return textOf(schema);
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
    case "boolean":
      return false;
    default:
      throw new Error(`no sample of ${JSON.stringify(schema)}`);
  }
}

/** Every object within, with its path; an object of any members is none of a known shape. */
export function objectsIn(schema: JsonSchema, path = ""): [string, JsonSchema][] {
  const inner = [
    ...(schema.anyOf ?? []).flatMap((each) => objectsIn(each, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      objectsIn(each, `${path}/${name}`),
    ),
    ...(schema.items === undefined ? [] : objectsIn(schema.items, `${path}/0`)),
  ];
  return schema.type === "object" ? [[path, schema], ...inner] : inner;
}
