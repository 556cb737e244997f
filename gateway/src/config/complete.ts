import { type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { ConfigFile } from "./schema.ts";
import { isRecord } from "./read-file.ts";
import type { Override } from "./overrides.ts";

/** What was said, with overrides applied and every default filled in; still to be checked. */
export function complete(
  values: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const result: Record<string, unknown> = structuredClone({ ...values });
  // `teams:` with nothing behind it is YAML for null, and means that nothing was said.
  for (const [name, value] of Object.entries(result)) if (value === null) delete result[name];
  addSections(result, ConfigFile);
  for (const { path, value } of overrides) assign(result, path, value);
  const completed: unknown = Value.Default(ConfigFile, result);
  return isRecord(completed) ? completed : result;
}

/** Defaults are filled into sections that are there, so those that nobody wrote are made. */
function addSections(target: Record<string, unknown>, section: TSchema): void {
  if (!Type.IsObject(section)) return;
  for (const [name, schema] of Object.entries(section.properties)) {
    if (!Type.IsObject(schema) || Type.IsOptional(schema)) continue;
    const inner = (target[name] ??= {});
    if (isRecord(inner)) addSections(inner, schema);
  }
}

function assign(target: Record<string, unknown>, path: Override["path"], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  if (isRecord(inner)) assign(inner, rest, value);
}
