import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** Where it lies in the data directory. */
export const keptPolicyFile = join("policy", "last-good.json");

/** The last policy that passed everything, as it lies in the data directory. */
const KeptPolicy = Type.Object({
  format: Type.Literal(1),
  revision: Type.String(),
  /** The compiler that made it: another one makes its own. */
  compiler: Type.String(),
  entrypoints: Type.Array(Type.String()),
  sources: Type.Record(Type.String(), Type.String()),
  loadedAtMs: Type.Integer(),
  /** policy.wasm, base64. */
  wasm: Type.String(),
  /** SHA-256 (hex) of everything above. */
  digest: Type.String(),
});
type KeptFile = Static<typeof KeptPolicy>;
export type KeptPolicy = Omit<KeptFile, "format" | "digest">;

function digestOf(policy: KeptPolicy): string {
  const { revision, compiler, entrypoints, sources, loadedAtMs, wasm } = policy;
  const content = JSON.stringify([revision, compiler, entrypoints, sources, loadedAtMs, wasm]);
  return createHash("sha256").update(content).digest("hex");
}

/** Reads the kept policy; null when there is none, or the file is not whole. */
export async function readKeptPolicy(path: string): Promise<KeptPolicy | null> {
  try {
    const {
      format: _,
      digest,
      ...kept
    } = Value.Parse(KeptPolicy, JSON.parse(await readFile(path, "utf8")));
    return digest === digestOf(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps a policy, so that a restart has it even if its sources are broken by then. */
export async function writeKeptPolicy(path: string, policy: KeptPolicy): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const content: KeptFile = { format: 1, ...policy, digest: digestOf(policy) };
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(content));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
