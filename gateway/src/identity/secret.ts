import { hash, timingSafeEqual } from "node:crypto";

/** 256 random bits as base64url: what a login link or a session cookie carries. */
export function formatSecret(randomBytes: (size: number) => Buffer): string {
  return randomBytes(32).toString("base64url");
}

/** SHA-256 in hex: the only form in which such a secret is stored. */
export function secretHash(secret: string): string {
  return hash("sha256", secret, "hex");
}

/** Compares two secrets in a time that tells nothing about either, whatever their lengths. */
export function secretsEqual(left: string, right: string): boolean {
  return timingSafeEqual(hash("sha256", left, "buffer"), hash("sha256", right, "buffer"));
}
