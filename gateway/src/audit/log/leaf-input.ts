import { hash } from "node:crypto";
import type { AuditTable } from "./entry.ts";

const scratchBytes = 65_536;

/** Hashes leaves `"<table>/<layout>\t<line>"` (RFC 9162 §2.1.1), with one buffer for all of them. */
export class LeafHasher {
  #scratch = Buffer.alloc(scratchBytes);
  readonly #prefixes = new Map<string, Buffer>();

  /** @param line without its newline. @returns the 32 bytes as latin1 text. */
  binary(table: AuditTable, layout: number, line: Uint8Array): string {
    const prefix = this.#prefixOf(table, layout);
    const length = prefix.length + line.length;
    if (length > this.#scratch.length) this.#scratch = Buffer.alloc(length * 2);
    this.#scratch.set(prefix);
    this.#scratch.set(line, prefix.length);
    return hash("sha256", this.#scratch.subarray(0, length), "binary");
  }

  hash(table: AuditTable, layout: number, line: Uint8Array): Buffer {
    return Buffer.from(this.binary(table, layout, line), "binary");
  }

  #prefixOf(table: AuditTable, layout: number): Buffer {
    const key = `${table}/${layout}`;
    const known = this.#prefixes.get(key);
    if (known !== undefined) return known;
    const prefix = Buffer.from(`\0${key}\t`);
    this.#prefixes.set(key, prefix);
    return prefix;
  }
}
