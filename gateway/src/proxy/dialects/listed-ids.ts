import { isJsonObject } from "./json-body.ts";

/** The ids in a provider's model list, for example `{data: [{id}]}`; entries of another shape are skipped. */
export function listedIds(list: unknown, listMember: string, idMember: string): string[] {
  const entries = isJsonObject(list) ? list[listMember] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => {
    const id = isJsonObject(entry) ? entry[idMember] : undefined;
    return typeof id === "string" ? [id] : [];
  });
}
