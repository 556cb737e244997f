/**
 * Rebuilds the policy compiler: `pnpm --filter @weir/policies run build:compiler` (needs Go, of the
 * version in go.mod). Writes the compressed artefact and the digests by which a test knows that
 * sources and artefact belong together.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { artefactPath, digestsPath, hashBytes, sourcesDigest } from "./digests.ts";

const directory = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), "policy-compiler-"));
try {
  const wasmPath = join(scratch, "compiler.wasm");
  const flags = ["-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
  execFileSync("go", ["build", ...flags, "-o", wasmPath, "."], {
    cwd: directory,
    stdio: "inherit",
    env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "-mod=readonly" },
  });
  const wasm = readFileSync(wasmPath);
  const compressed = brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
  writeFileSync(artefactPath, compressed);
  const go = execFileSync("go", ["version"], { cwd: directory, encoding: "utf8" }).trim();
  const digests = { sources: sourcesDigest(), artefact: hashBytes(compressed), go };
  writeFileSync(digestsPath, `${JSON.stringify(digests, null, 2)}\n`);
  process.stdout.write(`${wasm.length} bytes, ${compressed.length} compressed\n`);
} finally {
  rmSync(scratch, { recursive: true });
}
