import { hash } from "node:crypto";
import { SOURCE_BYTES } from "./entry.ts";

/** A spool since it was last started from nothing: sequences rise within it. */
export interface AuditSource {
  readonly spoolId: string;
  readonly epoch: number;
}

/** File of the sources that entries refer to: a line `<ref>\t<epoch>\t<spool id>` for each. */
export const SOURCES_FILE = "sources";

/** How entries refer to a source, in hex. */
export function sourceRef({ spoolId, epoch }: AuditSource): string {
  return hash("sha256", `${spoolId}@${epoch}`, "hex").slice(0, SOURCE_BYTES * 2);
}

export function sourceLine(source: AuditSource): string {
  return `${sourceRef(source)}\t${source.epoch}\t${source.spoolId}\n`;
}

export interface ParsedSources {
  readonly byRef: ReadonlyMap<string, AuditSource>;
  /** Lines that name another source than their reference does: 1 = first. */
  readonly badLines: readonly number[];
  /** Bytes of the whole lines; more is a line that was being written. */
  readonly bytes: number;
}

export function parseSources(text: string): ParsedSources {
  const byRef = new Map<string, AuditSource>();
  const badLines: number[] = [];
  const end = text.lastIndexOf("\n") + 1;
  const lines = text.slice(0, Math.max(0, end - 1)).split("\n");
  for (const [index, line] of end === 0 ? [] : lines.entries()) {
    const [ref = "", epoch = "", spoolId = ""] = line.split("\t");
    const source = { spoolId, epoch: Number(epoch) };
    if (sourceLine(source) === `${line}\n` && sourceRef(source) === ref) byRef.set(ref, source);
    else badLines.push(index + 1);
  }
  return { byRef, badLines, bytes: Buffer.byteLength(text.slice(0, end)) };
}
