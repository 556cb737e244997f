import { isDeepStrictEqual } from "node:util";

export interface DirectoryDiff<Row> {
  readonly upserts: readonly { readonly before: Row | null; readonly after: Row }[];
  readonly removals: readonly Row[];
}

/** What has to change for the stored rows to become the planned ones: nothing when they agree. */
export function diffRows<Row extends { readonly id: string }>(
  stored: readonly Row[],
  planned: readonly Row[],
): DirectoryDiff<Row> {
  const storedById = new Map(stored.map((row) => [row.id, { ...row }]));
  const plannedIds = new Set(planned.map((row) => row.id));
  return {
    upserts: planned
      .map((after) => ({ before: storedById.get(after.id) ?? null, after }))
      .filter(({ before, after }) => !isDeepStrictEqual(before, after)),
    removals: stored.filter((row) => !plannedIds.has(row.id)),
  };
}
