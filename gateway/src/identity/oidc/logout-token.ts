import { type JWTPayload, jwtVerify } from "jose";
import type { KeyFinder } from "./logout-keys.ts";

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout";
/** Asymmetric alone: a client's secret is no reason to end everybody's sessions. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
];
const skewSeconds = 60;
const maxAgeSeconds = 600;

/** Whose sessions a provider says are over (OpenID Connect Back-Channel Logout 1.0 §2.4). */
export interface LogoutNotice {
  readonly issuer: string;
  readonly subject: string | null;
  readonly sid: string | null;
  readonly jti: string;
  /** Until then the token must not be taken a second time. Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** The token is not one that this provider has just made for this client, to log somebody out. */
export class LogoutTokenError extends Error {
  readonly code = "WEIR_LOGOUT_TOKEN_INVALID";
}

/**
 * Verifies a logout token: signature, issuer, audience, age, `events`, no `nonce` (which would
 * make an ID token of it), and that it names a session or a subject.
 *
 * @throws {LogoutTokenError}
 */
export async function verifyLogoutToken(
  token: string,
  expected: {
    readonly issuer: string;
    readonly clientId: string;
    readonly keys: KeyFinder;
    readonly nowMs: number;
  },
): Promise<LogoutNotice> {
  const { payload, protectedHeader } = await jwtVerify(token, expected.keys, {
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms,
    clockTolerance: skewSeconds,
    maxTokenAge: maxAgeSeconds,
    requiredClaims: ["iat", "jti", "events"],
    currentDate: new Date(expected.nowMs),
  }).catch((error: unknown) => {
    throw new LogoutTokenError("The token cannot be verified.", { cause: error });
  });
  const { typ } = protectedHeader;
  if (typ !== undefined && !/^(application\/)?(logout\+jwt|jwt)$/i.test(typ))
    throw new LogoutTokenError("Its type is not that of a logout token.");
  return noticeOf(payload, expected.issuer);
}

function noticeOf(payload: JWTPayload, issuer: string): LogoutNotice {
  const { events, nonce, sub, sid, jti, iat = 0 } = payload;
  const isLogout = typeof events === "object" && events !== null && logoutEvent in events;
  if (!isLogout || nonce !== undefined) throw new LogoutTokenError("It is no logout token.");
  if (typeof jti !== "string" || jti === "") throw new LogoutTokenError("It has no jti.");
  const subject = typeof sub === "string" ? sub : null;
  const session = typeof sid === "string" ? sid : null;
  if (subject === null && session === null)
    throw new LogoutTokenError("It names neither a session nor a subject.");
  const expiresAtMs = (iat + maxAgeSeconds + 2 * skewSeconds) * 1000;
  return { issuer, subject, sid: session, jti, expiresAtMs };
}
