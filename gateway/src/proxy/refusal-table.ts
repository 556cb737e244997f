/**
 * Every way in which the data plane says no, in one table. `kind` chooses the status in the
 * caller's dialect (`dialects/<name>/error.ts`), `outcome` is what the call's row says.
 */
import type { Outcome } from "../contracts/call-event.ts";

export type RefusalKind =
  | "unauthenticated"
  | "invalid_request"
  | "not_found"
  | "too_large"
  | "unsupported"
  | "denied"
  | "upgrade_required"
  | "rate_limited"
  | "unavailable"
  | "upstream_unreachable"
  | "upstream_timeout"
  | "internal";

export interface RefusalEntry {
  kind: RefusalKind;
  outcome: Outcome;
  message: string;
}

export const refusalTable = {
  WEIR_KEY_MISSING: {
    kind: "unauthenticated",
    outcome: "unauthenticated",
    message:
      "No Weir key was sent. Send it as 'Authorization: Bearer <key>' or 'x-api-key: <key>'; 'weir key create' makes one.",
  },
  WEIR_KEY_INVALID: {
    kind: "unauthenticated",
    outcome: "unauthenticated",
    message:
      "This Weir key is unknown, expired or revoked. Make a new one with 'weir key create' or ask your platform team.",
  },
  WEIR_TOKEN_INVALID: {
    kind: "unauthenticated",
    outcome: "unauthenticated",
    message: "This token is not valid here. Get a new one from your identity provider.",
  },
  // Whoever it is has signed in well: to do it again would not help.
  WEIR_TOKEN_PERSON_UNKNOWN: {
    kind: "denied",
    outcome: "unauthenticated",
    message:
      "Your token is good, but nobody of that name is set up on this gateway. Ask your platform team to add you under 'people' in weir.yaml.",
  },
  WEIR_TOKEN_TEAM_UNKNOWN: {
    kind: "denied",
    outcome: "unauthenticated",
    message:
      "Your token is good, but the team it counts for is not set up on this gateway. Ask your platform team to add it under 'teams' in weir.yaml.",
  },
  WEIR_CERTIFICATE_INVALID: {
    kind: "unauthenticated",
    outcome: "unauthenticated",
    message: "Your client certificate does not count here.",
  },
  WEIR_CERTIFICATE_UNKNOWN: {
    kind: "denied",
    outcome: "unauthenticated",
    message:
      "Your client certificate is good, but it names nobody who is set up on this gateway. Ask your platform team to add you under 'people', or the service under 'identity.services', in weir.yaml.",
  },
  WEIR_IDENTITY_UNAVAILABLE: {
    kind: "unavailable",
    outcome: "unavailable",
    message:
      "The identity provider's keys are not at hand, so tokens cannot be checked. Try again shortly.",
  },
  WEIR_SCOPE_MISSING: {
    kind: "denied",
    outcome: "denied",
    message: "This key is not for such calls.",
  },
  WEIR_BODY_NOT_JSON: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "The request body is not a valid JSON object in UTF-8.",
  },
  WEIR_BODY_AMBIGUOUS: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "The request body says the same thing twice, so it could be read in two ways.",
  },
  WEIR_BODY_TOO_COMPLEX: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "The request body has too many values or is nested too deeply.",
  },
  WEIR_FIELD_INVALID: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "A field of the request body is missing or of the wrong type.",
  },
  WEIR_BODY_TOO_LARGE: {
    kind: "too_large",
    outcome: "too_large",
    message: "The request body is larger than this gateway accepts (limits.maxBodyBytes).",
  },
  WEIR_ENCODING_UNSUPPORTED: {
    kind: "unsupported",
    outcome: "invalid_request",
    message:
      "This content-encoding is not accepted. Send gzip, zstd, br, deflate or no content-encoding.",
  },
  WEIR_ENCODING_INVALID: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "The request body is not what its content-encoding says.",
  },
  WEIR_CONTENT_TYPE_UNSUPPORTED: {
    kind: "unsupported",
    outcome: "invalid_request",
    message: "Send the request body as 'content-type: application/json', in UTF-8.",
  },
  WEIR_FORM_INVALID: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message: "The request body is not a readable multipart form.",
  },
  WEIR_ROUTE_UNKNOWN: {
    kind: "not_found",
    outcome: "invalid_request",
    message:
      "Weir does not serve this path. It serves the OpenAI, Anthropic and Gemini APIs under /v1 and /v1beta; docs/wire-formats.md lists every path.",
  },
  WEIR_NO_PROVIDER: {
    kind: "not_found",
    outcome: "invalid_request",
    message:
      "No configured provider serves this model in this dialect. Add one under 'providers' in weir.yaml or set its API key.",
  },
  WEIR_NOT_TRANSLATABLE: {
    kind: "invalid_request",
    outcome: "invalid_request",
    message:
      "This model is served by a provider of another dialect, and the request cannot be carried over to it.",
  },
  WEIR_UPGRADE_REQUIRED: {
    kind: "upgrade_required",
    outcome: "invalid_request",
    message: "Responses over WebSocket is not offered here: send a POST to the same path.",
  },
  WEIR_PROVIDER_BUSY: {
    kind: "rate_limited",
    outcome: "rate_limited",
    message: "As many calls as the provider may take are under way. Try again shortly.",
  },
  WEIR_PROVIDER_DOWN: {
    kind: "unavailable",
    outcome: "unavailable",
    message:
      "The provider has failed several times in a row and is left alone for a while. Try again shortly.",
  },
  WEIR_POLICY_DENIED: {
    kind: "denied",
    outcome: "denied",
    message: "Policy does not allow this call.",
  },
  WEIR_STOPPED: {
    kind: "denied",
    outcome: "denied",
    message: "This has been stopped. Do not try again.",
  },
  WEIR_BUDGET_SPENT: {
    kind: "denied",
    outcome: "denied",
    message: "A budget that this call falls under is spent.",
  },
  WEIR_BUDGET_UNPRICED: {
    kind: "denied",
    outcome: "denied",
    message: "The price of this call is not known, and its budget lets no such call through.",
  },
  WEIR_RATE_LIMITED: {
    kind: "rate_limited",
    outcome: "rate_limited",
    message: "A limit that this call falls under is reached. Try again shortly.",
  },
  WEIR_BUDGET_UNAVAILABLE: {
    kind: "unavailable",
    outcome: "unavailable",
    message: "The gateway cannot tell at the moment what is left of a budget. Try again shortly.",
  },
  WEIR_SPOOL_FULL: {
    kind: "unavailable",
    outcome: "unavailable",
    message: "The gateway cannot record calls at the moment, so it takes none. Try again shortly.",
  },
  WEIR_OVERLOADED: {
    kind: "unavailable",
    outcome: "unavailable",
    message: "The gateway is handling as many calls as it can. Try again shortly.",
  },
  WEIR_NOT_READY: {
    kind: "unavailable",
    outcome: "unavailable",
    message:
      "The gateway has just started and does not know its keys and policies yet. Try again shortly.",
  },
  WEIR_DRAINING: {
    kind: "unavailable",
    outcome: "unavailable",
    message: "The gateway is shutting down. Try again shortly.",
  },
  WEIR_UPSTREAM_UNREACHABLE: {
    kind: "upstream_unreachable",
    outcome: "upstream_error",
    message: "The provider could not be reached.",
  },
  WEIR_UPSTREAM_DIED: {
    kind: "upstream_unreachable",
    outcome: "upstream_died",
    message: "The provider broke the connection before its answer was complete.",
  },
  WEIR_ANSWER_UNREADABLE: {
    kind: "upstream_unreachable",
    outcome: "upstream_error",
    message:
      "The provider's answer cannot be told in the dialect of this call. Try again, or name a model whose provider speaks this dialect.",
  },
  WEIR_UPSTREAM_TIMEOUT: {
    kind: "upstream_timeout",
    outcome: "timeout",
    message: "The provider did not answer in time.",
  },
  WEIR_INTERNAL: {
    kind: "internal",
    outcome: "internal_error",
    message: "The gateway failed on this call. Its operator finds the cause in the log.",
  },
} as const satisfies Record<string, RefusalEntry>;

export type RefusalCode = keyof typeof refusalTable;
