import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/** SHA-256 (hex) of a JSON value in its one canonical form (RFC 8785). @throws for a lone surrogate. */
export function canonicalDigest(value: unknown): string {
  return hash("sha256", canonicalize(value) ?? "null", "hex");
}
