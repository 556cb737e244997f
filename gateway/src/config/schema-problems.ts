import { Settings } from "typebox/system";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { didYouMean } from "./did-you-mean.ts";
import { formatPath, type SettingPath } from "./problem.ts";
import { isRecord } from "./read-file.ts";

export interface SchemaProblem {
  readonly path: SettingPath;
  readonly message: string;
}

const MAX_ERRORS = 1_000;
// Without the value: it may well be the key.
const NOT_A_VARIABLE =
  "must be the name of an environment variable, like OPENAI_API_KEY, and never the key itself";

/** What is wrong with `value` by its schema, in words that say what is allowed. */
export function schemaProblems(schema: TSchema, value: unknown): SchemaProblem[] {
  const unique = new Map<string, SchemaProblem>();
  for (const error of allErrors(schema, value)) {
    for (const problem of explain(error, toPath(error.instancePath), schema, value)) {
      unique.set(`${formatPath(problem.path)}|${problem.message}`, problem);
    }
  }
  return [...unique.values()];
}

type SchemaError = ReturnType<typeof Value.Errors>[number];

function allErrors(schema: TSchema, value: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get();
  // TypeBox stops at eight by default, and the reader is to see them all.
  Settings.Set({ maxErrors: MAX_ERRORS });
  try {
    return Value.Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function explain(
  error: SchemaError,
  path: SettingPath,
  root: TSchema,
  value: unknown,
): SchemaProblem[] {
  const actual = valueAt(value, path);
  const schema = schemaAt(root, path);
  switch (error.keyword) {
    // The errors of a union's members, and the one that `additionalProperties` repeats.
    case "const":
    case "boolean":
      return [];
    case "additionalProperties":
      return error.params.additionalProperties.map((name) => ({
        path: [...path, name],
        message: unknownSetting(name, Object.keys(propertiesOf(schema))),
      }));
    case "required":
      return error.params.requiredProperties.map((name) => ({
        path: [...path, name],
        message: "is missing",
      }));
    case "anyOf":
      return [{ path, message: `must be one of ${allowed(schema)}, not ${show(actual)}` }];
    case "type":
      return [{ path, message: `must be ${typeName(error.params.type)}, not ${show(actual)}` }];
    case "pattern":
      if (path.at(-1) === "apiKeyEnv" || path.at(-1) === "clientSecretEnv")
        return [{ path, message: NOT_A_VARIABLE }];
      return [{ path, message: `must match ${error.params.pattern}; ${show(actual)} does not` }];
    case "minItems":
      return [{ path, message: `must have at least ${error.params.limit} item(s)` }];
    case "minLength":
      return [{ path, message: "must not be empty" }];
    default:
      return [{ path, message: `${error.message}, not ${show(actual)}` }];
  }
}

function unknownSetting(name: string, known: readonly string[]): string {
  const guess = didYouMean(name, known);
  const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  return `there is no such setting.${hint} Here may stand: ${known.join(", ")}`;
}

function toPath(pointer: string): SettingPath {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function valueAt(value: unknown, path: SettingPath): unknown {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else at = isRecord(at) ? at[part] : undefined;
  }
  return at;
}

function schemaAt(schema: unknown, path: SettingPath): unknown {
  let at = schema;
  for (const part of path) {
    if (!isRecord(at)) return undefined;
    if (typeof part === "number") at = at["items"];
    else at = propertiesOf(at)[part] ?? Object.values(patternsOf(at))[0];
  }
  return at;
}

function propertiesOf(schema: unknown): Record<string, unknown> {
  return isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};
}

function patternsOf(schema: Record<string, unknown>): Record<string, unknown> {
  return isRecord(schema["patternProperties"]) ? schema["patternProperties"] : {};
}

function allowed(schema: unknown): string {
  const members = isRecord(schema) && Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [];
  return members.map((member) => show(isRecord(member) ? member["const"] : undefined)).join(", ");
}

function typeName(type: string | readonly string[]): string {
  const names: Record<string, string> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a group of settings",
  };
  return [type]
    .flat()
    .map((name) => names[name] ?? name)
    .join(" or ");
}

/** Short, and never the whole of a long text: somebody may have put a key where it does not belong. */
function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "a group of settings";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 12)}… (${text.length} characters)` : text;
}
