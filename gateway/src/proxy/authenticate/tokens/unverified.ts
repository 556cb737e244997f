/** What a token says of itself: enough to look for the key that may prove it, and no more. */
export interface UnverifiedToken {
  readonly issuer: string;
  readonly kid: string;
}

const FORM = /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Whether a credential has the form of a signed JWT in compact serialization (RFC 7515 §7.1). */
export function looksLikeToken(credential: string): boolean {
  return FORM.test(credential);
}

/** Null for what cannot be read, or has a `kid` that is no text. `jku`, `jwk` and `x5u` are never looked at. */
export function readUnverified(token: string): UnverifiedToken | null {
  const [head = "", body = ""] = token.split(".", 2);
  const header = parsed(head);
  const payload = parsed(body);
  if (header === null || payload === null) return null;
  const { iss } = payload;
  const { kid = "" } = header;
  return typeof iss === "string" && typeof kid === "string" ? { issuer: iss, kid } : null;
}

function parsed(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
