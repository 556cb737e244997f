import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { wrkVersion } from "./wrk.ts";

export interface Environment {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly undici: string;
  readonly weir: string;
  readonly wrk: string | null;
}

/** What the figures depend on besides the code. */
export function readEnvironment(): Environment {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    system: `${type()} ${release()}`,
    node: process.version,
    undici: versionIn(createRequire(import.meta.url).resolve("undici/package.json")),
    weir: versionIn(new URL("../../package.json", import.meta.url)),
    wrk: wrkVersion(),
  };
}

function versionIn(manifest: string | URL): string {
  const parsed: { readonly version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return parsed.version;
}
