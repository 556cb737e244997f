import type { KeyView, Scope } from "@weir/gateway/contracts";

export const scopeWords: Readonly<Record<Scope, string>> = {
  "llm:call": "Call models",
  "models:list": "List models",
  "files:use": "Files and batches",
  "passthrough:call": "Raw calls to providers",
};

export type KeyState = "live" | "expired" | "revoked";

/** Whether a key still works, by the reader's clock. */
export function stateOf(
  { revokedAtMs, expiresAtMs }: Pick<KeyView, "revokedAtMs" | "expiresAtMs">,
  nowMs: number,
): KeyState {
  if (revokedAtMs !== null) return "revoked";
  return expiresAtMs !== null && expiresAtMs <= nowMs ? "expired" : "live";
}

/** What a key may be used for, in a sentence's part. */
export function usesOf({ scopes, models }: Pick<KeyView, "scopes" | "models">): string {
  const what =
    scopes === null ? "Everything you may do" : scopes.map((each) => scopeWords[each]).join(", ");
  return models === null ? what : `${what} · ${models.join(", ")}`;
}

/** Patterns as people type them: by commas or spaces. Undefined for none. */
export function readModels(text: string): string[] | undefined {
  const models = [...new Set(text.split(/[\s,]+/).filter((each) => each !== ""))];
  return models.length === 0 ? undefined : models;
}
