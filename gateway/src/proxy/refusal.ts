import type { Outcome } from "../contracts/call-event.ts";
import {
  type RefusalCode,
  type RefusalEntry,
  type RefusalKind,
  refusalTable,
} from "./refusal-table.ts";

/** The limit that was met, for the RateLimit headers. */
export interface RefusalLimit {
  name: string;
  quota: number;
  /** Left out = 0. */
  remaining?: number;
  windowSeconds?: number;
  /** Left out = `retryAfterSeconds`. */
  resetSeconds?: number;
}

export interface RefusalOptions {
  message?: string;
  cause?: unknown;
  /** When to come back. */
  retryAfterSeconds?: number;
  limit?: RefusalLimit;
}

/** A coded no. `message` may be read by the caller; `cause` never is. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly kind: RefusalKind;
  readonly outcome: Outcome;
  readonly retryAfterSeconds: number | undefined;
  readonly limit: RefusalLimit | undefined;
  /** For the header `WWW-Authenticate`; empty = none. */
  challenge = "";

  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    const entry: RefusalEntry = refusalTable[code];
    super(options.message ?? entry.message, { cause: options.cause });
    this.name = "Refusal";
    this.code = code;
    this.kind = entry.kind;
    this.outcome = entry.outcome;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.limit = options.limit;
  }
}

/** Whatever was thrown, as a refusal: what nobody foresaw is an internal error. */
export function asRefusal(thrown: unknown): Refusal {
  return thrown instanceof Refusal ? thrown : new Refusal("WEIR_INTERNAL", { cause: thrown });
}
