import { readFile, writeFile } from "node:fs/promises";
import { keyHash, looksLikeKey } from "../../identity/virtual-key.ts";
import type { ControlContext } from "../store/change.ts";
import { createKey } from "./create.ts";

async function readKept(path: string): Promise<string | null> {
  try {
    const key = (await readFile(path, "utf8")).trim();
    return looksLikeKey(key) ? key : null;
  } catch {
    return null;
  }
}

type Standing = "live" | "ended" | "unknown";

async function standingOf(context: ControlContext, key: string, personId: string) {
  const row = await context.store
    .selectFrom("keys")
    .select(["revokedAtMs", "expiresAtMs"])
    .where("hash", "=", keyHash(key))
    .where("personId", "=", personId)
    .executeTakeFirst();
  if (row === undefined) return "unknown" satisfies Standing;
  const isOver = row.expiresAtMs !== null && row.expiresAtMs <= context.now();
  return (row.revokedAtMs !== null || isOver ? "ended" : "live") satisfies Standing;
}

/**
 * The key that `npm start` prints. It is made at the first start, and kept readable in a file of
 * mode 0600 beside the data, so that later starts can print it again; the store has its hash only.
 *
 * Every other key is shown once. This one gives that up for a first run with nothing to write
 * down: whoever can read the file can read the whole data directory. Once it is revoked no other
 * takes its place (`key` is null); deleting the file makes the next start create a new one.
 */
export async function ensureFirstKey(
  context: ControlContext,
  input: { readonly path: string; readonly personId: string },
): Promise<{ key: string | null; created: boolean }> {
  const kept = await readKept(input.path);
  const standing = kept === null ? "unknown" : await standingOf(context, kept, input.personId);
  if (standing === "live") return { key: kept, created: false };
  if (standing === "ended") return { key: null, created: false };
  const { key } = await createKey(context, { name: "first key", personId: input.personId });
  await writeFile(input.path, `${key}\n`, { mode: 0o600 });
  return { key, created: true };
}
