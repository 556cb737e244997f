import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { artefactPath } from "../compiler/digests.ts";

let compiled: Promise<WebAssembly.Module> | null = null;

/** The compiler's WebAssembly module: decompressed and compiled once a process, shared by workers. */
export function compilerModule(): Promise<WebAssembly.Module> {
  compiled ??= load();
  return compiled;
}

async function load(): Promise<WebAssembly.Module> {
  const wasm = await promisify(brotliDecompress)(await readFile(artefactPath));
  return WebAssembly.compile(new Uint8Array(wasm));
}
