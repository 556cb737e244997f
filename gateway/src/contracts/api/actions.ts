import { type Static, Type } from "typebox";
import { MatchedRule } from "../decision.ts";

const strict = { additionalProperties: false };
const Arguments = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()], {
  description: "A JSON object, or its text exactly as it will be run",
});

/** `POST /v1/actions:authorize`: may this tool be called with these arguments, now? */
export const ActionQuestion = Type.Object(
  {
    tool: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 256 }),
        server: Type.Optional(
          Type.String({ maxLength: 256, description: "Left out = the client runs it itself" }),
        ),
        arguments: Type.Optional(Arguments),
        schema: Type.Optional(
          Type.Unknown({ description: "JSON Schema that the tool was offered with" }),
        ),
      },
      strict,
    ),
  },
  strict,
);
export type ActionQuestion = Static<typeof ActionQuestion>;

export const ActionEffect = Type.Union([
  Type.Literal("allow"),
  Type.Literal("deny"),
  Type.Literal("pending", {
    description: "Not said yet: for approvals, once they can be collected",
  }),
]);

/** Whoever asks must not call the tool unless `effect` is `allow`. */
export const ActionAnswer = Type.Object(
  {
    effect: ActionEffect,
    decisionId: Type.String({ description: "Empty when nothing was decided" }),
    callId: Type.String(),
    rules: Type.Array(MatchedRule),
    userMessage: Type.String(),
    retryable: Type.Boolean({ description: "Whether the same call may be allowed later" }),
    retryAfterSeconds: Type.Optional(Type.Integer()),
    approvers: Type.Array(Type.String()),
    revision: Type.String(),
    schemaDigest: Type.String(),
    argsDigest: Type.String(),
    /** Of a refusal without a decision, for example WEIR_STOPPED. */
    code: Type.Optional(Type.String()),
  },
  strict,
);
export type ActionAnswer = Static<typeof ActionAnswer>;

const properties = Type.Optional(Type.Record(Type.String(), Type.Unknown()));

/** AuthZEN Authorization API 1.0 §6.1; members that are not known are ignored, as it says. */
export const EvaluationRequest = Type.Object({
  subject: Type.Object({
    type: Type.String({ minLength: 1 }),
    id: Type.String({ minLength: 1 }),
    properties,
  }),
  action: Type.Object({ name: Type.String({ minLength: 1 }), properties }),
  resource: Type.Object({
    type: Type.String({ minLength: 1 }),
    id: Type.String({ minLength: 1, maxLength: 512 }),
    properties,
  }),
  context: properties,
});
export type EvaluationRequest = Static<typeof EvaluationRequest>;

/** AuthZEN Authorization API 1.0 §6.2: a denial is an answer like any other, with status 200. */
export const EvaluationResponse = Type.Object({
  decision: Type.Boolean(),
  context: Type.Partial(ActionAnswer),
});
export type EvaluationResponse = Static<typeof EvaluationResponse>;
