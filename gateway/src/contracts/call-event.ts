import { type Static, Type } from "typebox";
import { Decision, Effect } from "./decision.ts";
import { DecisionPoint, PolicyCall } from "./policy-input.ts";
import { Asserted, Principal } from "./principal.ts";
import { Cost, Usage } from "./usage.ts";

export const Outcome = Type.Union([
  Type.Literal("completed"),
  Type.Literal("denied"),
  Type.Literal("unauthenticated"),
  Type.Literal("invalid_request"),
  Type.Literal("too_large"),
  Type.Literal("unavailable"),
  Type.Literal("rate_limited"),
  Type.Literal("upstream_error"),
  Type.Literal("upstream_died"),
  Type.Literal("client_abort"),
  Type.Literal("timeout"),
  Type.Literal("internal_error"),
]);
export type Outcome = Static<typeof Outcome>;

/** One request to a provider, with a bill of its own. */
export const Attempt = Type.Object(
  {
    provider: Type.String(),
    /** The model asked of this provider. */
    model: Type.String(),
    /** Status of the provider's answer; 0 when there was none. */
    status: Type.Integer(),
    /** Stable code of what went wrong, empty when the provider answered with an error of its own. */
    errorCode: Type.String(),
    durationMs: Type.Number({ minimum: 0 }),
    usage: Usage,
    cost: Cost,
  },
  { additionalProperties: false },
);
export type Attempt = Static<typeof Attempt>;

/** Privacy-safe facts for detection: counts and sizes, never text. */
export const CallFeatures = Type.Object(
  {
    messageCount: Type.Integer({ minimum: 0 }),
    toolResultCount: Type.Integer({ minimum: 0 }),
    toolCallCount: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type CallFeatures = Static<typeof CallFeatures>;

/**
 * The one wide, immutable row that a call leaves behind, whatever became of it.
 * A correction is a new row whose `supersedes` names the old one.
 */
export const CallEvent = Type.Object(
  {
    id: Type.String(),
    supersedes: Type.String(),
    /** Unix milliseconds at which the request's head had arrived. */
    startedAtMs: Type.Integer(),
    principal: Type.Union([Principal, Type.Null()]),
    asserted: Asserted,
    dialect: Type.String(),
    /** Canonical route, for example `chat.completions` or `messages`. */
    operation: Type.String(),
    /** Not the person's own work: token counting, prewarming, listing. */
    auxiliary: Type.Boolean(),
    /** W3C trace id (32 hex digits): the caller's, or that of our own spans; empty = none. */
    traceId: Type.String(),
    provider: Type.String(),
    modelRequested: Type.String(),
    /** The model asked of the provider, after obligations. */
    modelResolved: Type.String(),
    /** The model the provider says it used. */
    modelUsed: Type.String(),
    stream: Type.Boolean(),
    toolNames: Type.Array(Type.String()),
    maxTokens: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    decision: Type.Union([Decision, Type.Null()]),
    outcome: Outcome,
    /** Stable code of the error that we answered with, empty when there was none. */
    errorCode: Type.String(),
    /** Status sent to the client; 0 when the client left before one was sent. */
    status: Type.Integer(),
    /** Status of the upstream's answer; 0 when there was none. */
    upstreamStatus: Type.Integer(),
    upstreamRequestId: Type.String(),
    /** Requests made to providers for this call. `usage` and `cost` are those of the last. */
    attempts: Type.Integer({ minimum: 0 }),
    /** The attempts before the last one, in order: retries and fallbacks that led nowhere. */
    failedAttempts: Type.Array(Attempt, { maxItems: 32 }),
    usage: Usage,
    cost: Cost,
    /** What about the figures needs a second look, for example `total_mismatch`. */
    flags: Type.Array(Type.String()),
    requestBytes: Type.Integer({ minimum: 0 }),
    responseBytes: Type.Integer({ minimum: 0 }),
    durationMs: Type.Number({ minimum: 0 }),
    /** From the request's head to the first body byte from upstream; null when none came. */
    timeToFirstByteMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    /** Time spent in Weir before the request went upstream. */
    overheadMs: Type.Number({ minimum: 0 }),
    features: CallFeatures,
  },
  { additionalProperties: false },
);
export type CallEvent = Static<typeof CallEvent>;

/** One policy decision, written when it is taken, before its effect can be seen. */
/** Which tool a decision is about; never its arguments. */
export const DecidedTool = Type.Object(
  {
    /** Where Weir saw the call. */
    via: Type.Union([Type.Literal("model"), Type.Literal("mcp"), Type.Literal("action")]),
    /** Empty for a tool that the client runs itself. */
    server: Type.String(),
    name: Type.String(),
    /** SHA-256 (hex) of the schema and of the arguments in their canonical form (RFC 8785). */
    schemaDigest: Type.String(),
    argsDigest: Type.String(),
  },
  { additionalProperties: false },
);
export type DecidedTool = Static<typeof DecidedTool>;

export const DecisionEvent = Type.Object(
  {
    decision: Decision,
    callId: Type.String(),
    point: DecisionPoint,
    decidedAtMs: Type.Integer(),
    principal: Principal,
    call: Type.Union([PolicyCall, Type.Null()]),
    tool: Type.Optional(DecidedTool),
    effect: Effect,
    /** SHA-256 (hex) of the input document as it was evaluated. */
    inputDigest: Type.String(),
  },
  { additionalProperties: false },
);
export type DecisionEvent = Static<typeof DecisionEvent>;
