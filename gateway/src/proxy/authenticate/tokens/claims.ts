import { Refusal } from "../../refusal.ts";
import type { IssuerConfig } from "./key-set.ts";

/** What of a token that its issuer has signed decides whose call it is. */
export interface VerifiedClaims {
  readonly subject: string;
  /** Null = the token names none. */
  readonly teamId: string | null;
  /** Unix milliseconds, tolerance included. */
  readonly expiresAtMs: number;
}

/** The longest id of a person or a service is half of it. */
const MAX_SUBJECT_LENGTH = 256;

export function tokenInvalid(message: string, cause?: unknown): Refusal {
  return new Refusal("WEIR_TOKEN_INVALID", { message, cause });
}

/**
 * Reads the claims of a token whose signature, issuer and audience have been verified.
 *
 * @throws Refusal WEIR_TOKEN_INVALID for one that is out of its time or names nobody.
 */
export function readClaims(
  payload: Readonly<Record<string, unknown>>,
  issuer: IssuerConfig,
  nowMs: number,
): VerifiedClaims {
  const toleranceMs = issuer.clockToleranceSeconds * 1000;
  const exp = timeIn(payload, "exp");
  if (exp === null) throw tokenInvalid("The token says nothing of when it expires (exp).");
  const nbf = timeIn(payload, "nbf");
  const iat = timeIn(payload, "iat");
  if (exp + toleranceMs <= nowMs) {
    throw tokenInvalid("The token has expired. Get a new one from your identity provider.");
  }
  if (Math.max(nbf ?? 0, iat ?? 0) > nowMs + toleranceMs) {
    throw tokenInvalid("The token is not valid yet: compare the clocks of both machines.");
  }
  const maxAgeMs = issuer.maxTokenAgeSeconds * 1000;
  // Without iat the time that is left has to do for the age.
  const endsAtMs = iat === null ? exp : Math.min(exp, iat + maxAgeMs);
  if (endsAtMs + toleranceMs <= nowMs || (iat === null && exp - nowMs > maxAgeMs)) {
    throw tokenInvalid("The token is older, or lives longer, than this gateway accepts.");
  }
  return {
    subject: subjectIn(payload, issuer),
    teamId: issuer.teamClaim === undefined ? null : teamIn(payload, issuer.teamClaim),
    expiresAtMs: endsAtMs + toleranceMs,
  };
}

/** RFC 7519 §2, NumericDate. In milliseconds; null when the claim is not there. */
function timeIn(payload: Readonly<Record<string, unknown>>, name: string): number | null {
  if (!Object.hasOwn(payload, name)) return null;
  const seconds = payload[name];
  if (typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0)
    return seconds * 1000;
  throw tokenInvalid(`The token's ${name} is not a time.`);
}

function subjectIn(
  payload: Readonly<Record<string, unknown>>,
  { personClaim }: IssuerConfig,
): string {
  const subject = Object.hasOwn(payload, personClaim) ? payload[personClaim] : undefined;
  if (typeof subject !== "string" || subject === "" || subject.length > MAX_SUBJECT_LENGTH) {
    throw tokenInvalid(`The token's ${personClaim} does not name anybody.`);
  }
  // Some providers let people type in whatever address they like.
  if (personClaim === "email" && payload["email_verified"] === false) {
    throw tokenInvalid("The token's e-mail address has not been verified.");
  }
  return subject;
}

function teamIn(payload: Readonly<Record<string, unknown>>, claim: string): string | null {
  const team = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
  if (team === undefined || team === null) return null;
  if (typeof team === "string" && team.length <= MAX_SUBJECT_LENGTH) return team;
  throw tokenInvalid(`The token's ${claim} is not the id of one team.`);
}
