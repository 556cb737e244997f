import type { JsonObject, MemberEdit } from "../json-body.ts";

/** Sets a list to what was kept of it; no edit if that is all, and none is left as an empty list. */
export function keptInList(
  member: string,
  all: readonly JsonObject[],
  kept: readonly JsonObject[],
): MemberEdit[] {
  if (kept.length === all.length && kept.every((entry, index) => entry === all[index])) return [];
  return [{ member, json: kept.length === 0 ? null : JSON.stringify(kept) }];
}
