import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const directory = import.meta.dirname;

export const artefactPath = join(directory, "compiler.wasm.br");
/** What the last build was made from and what it made. */
export const digestsPath = join(directory, "compiler.digests.json");

export function hashBytes(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/** SHA-256 over the names and digests of everything that the Go build reads. */
export function sourcesDigest(): string {
  const names = readdirSync(directory).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name));
  const lines = names
    .toSorted()
    .map((name) => `${hashBytes(readFileSync(join(directory, name)))} ${name}\n`);
  return hashBytes(Buffer.from(lines.join("")));
}
