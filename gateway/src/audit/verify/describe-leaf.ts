import type { AuditReader } from "../log/audit-reader.ts";
import { ENTRY_BYTES, readEntry } from "../log/entry.ts";
import type { AuditSource } from "../log/sources.ts";
import type { Finding } from "./finding.ts";

type LeafName = Pick<Finding, "leaf" | "table" | "spoolId" | "epoch" | "sequence" | "id">;

/** What a leaf's entry says of itself, as far as it can be read. */
export function describeLeaf(
  reader: AuditReader,
  sources: ReadonlyMap<string, AuditSource>,
  leaf: number,
): LeafName {
  const raw = reader.readRaw(leaf, 1);
  if (raw.length < ENTRY_BYTES) return { leaf };
  const { table, source, sequence, id } = readEntry(raw, 0);
  return { leaf, table, sequence, id: uuidText(id), ...sources.get(source) };
}

/** `leaf 7 (decisions, proxy-1@1700000000000, sequence 15, id …)` */
export function leafText(name: LeafName): string {
  const { leaf, table, spoolId, epoch, sequence, id } = name;
  if (table === undefined) return `leaf ${leaf}`;
  const source = spoolId === undefined ? "unknown source" : `${spoolId}@${epoch}`;
  return `leaf ${leaf} (${table}, ${source}, sequence ${sequence}, id ${id})`;
}

/** 16 bytes in hex as a UUID is written. */
export function uuidText(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
