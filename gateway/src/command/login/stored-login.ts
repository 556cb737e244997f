import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** What `weir login` keeps on this machine. */
export const StoredLogin = Type.Object({
  /** Origin of the console that the key is from. */
  consoleUrl: Type.String(),
  /** Base URL of the gateway, without a path. */
  gatewayUrl: Type.String(),
  key: Type.String(),
  expiresAtMs: Type.Integer(),
});
export type StoredLogin = Static<typeof StoredLogin>;

/** XDG Base Directory Specification: relative paths in the variable are to be ignored. */
export function loginFile(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["XDG_CONFIG_HOME"] ?? "";
  const base = named.startsWith("/") ? named : join(env["HOME"] || homedir(), ".config");
  return join(base, "weir", "login.json");
}

/** @returns null when there is none, or none that can be read. */
export async function readLogin(path: string): Promise<StoredLogin | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    return Value.Check(StoredLogin, parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Writes for the owner's eyes alone, and at once: nobody sees half of it. */
export async function writeLogin(path: string, login: StoredLogin): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

export async function removeLogin(path: string): Promise<void> {
  await rm(path, { force: true });
}
