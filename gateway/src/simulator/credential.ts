import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** That a credential was there and which one, but not the credential. */
export interface SeenCredential {
  readonly kind: "bearer" | "x-api-key" | "x-goog-api-key" | "query" | "none";
  /** First twelve hex digits of the SHA-256 of the key itself, "" when there was none. */
  readonly sha256Prefix: string;
}

const none: SeenCredential = { kind: "none", sha256Prefix: "" };

/** The credential that the request's headers carry, or else its query: `?key=`. */
export function credentialOf(headers: IncomingHttpHeaders, url = ""): SeenCredential {
  const bearer = /^bearer +(.+)$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return { kind: "bearer", sha256Prefix: credentialDigest(bearer) };
  for (const kind of ["x-api-key", "x-goog-api-key"] as const) {
    const key = headers[kind];
    if (typeof key === "string" && key !== "") {
      return { kind, sha256Prefix: credentialDigest(key) };
    }
  }
  const inQuery = new URLSearchParams(url.split("?", 2)[1]).get("key") ?? "";
  return inQuery === "" ? none : { kind: "query", sha256Prefix: credentialDigest(inQuery) };
}

/** What the ledger holds of a key: compare with this to learn whether a certain key was sent. */
export function credentialDigest(key: string): string {
  return hash("sha256", key).slice(0, 12);
}
