import { isRecord } from "./read-file.ts";

export type Items = { item: Record<string, unknown>; index: number }[];

/** The objects of what should be a list of them, each with its place. */
export function records(list: unknown): Items {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => (isRecord(item) ? [{ item, index }] : []));
}
