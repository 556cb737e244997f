import { type Static, Type } from "typebox";
import { Principal } from "./principal.ts";

export const DecisionPoint = Type.Union([
  Type.Literal("llm_call"),
  Type.Literal("tool_list"),
  Type.Literal("tool_call"),
  Type.Literal("tool_result"),
  Type.Literal("view"),
]);
export type DecisionPoint = Static<typeof DecisionPoint>;

/** The facts of an LLM call, the same for every dialect. Prompt text is never among them. */
export const PolicyCall = Type.Object(
  {
    dialect: Type.String(),
    /** Canonical route, for example `chat.completions`, `files.create` or `passthrough`. */
    operation: Type.String(),
    /** False where Weir cannot see tokens or models: raw passthrough, files, batches. */
    metered: Type.Boolean(),
    provider: Type.String(),
    /** The model asked of the provider, aliases resolved; empty when the operation has none. */
    model: Type.String(),
    /** The model that the client named, perhaps an alias. */
    modelRequested: Type.String(),
    stream: Type.Boolean(),
    toolNames: Type.Array(Type.String()),
    maxTokens: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    bytes: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type PolicyCall = Static<typeof PolicyCall>;

export const PolicyTool = Type.Object(
  {
    server: Type.String(),
    name: Type.String(),
    schemaDigest: Type.String(),
    args: Type.Record(Type.String(), Type.Unknown()),
    provenance: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false },
);
export type PolicyTool = Static<typeof PolicyTool>;

/** What somebody wants to see, whose it is, and why; what it is stands in `resource`. */
export const PolicyView = Type.Object(
  {
    /** Whose rows; `*` = everybody's; empty = sums and states that name nobody. */
    personId: Type.String(),
    /** That person's team; empty where it is not known, and for more than one person. */
    teamId: Type.String(),
    /** Why, in the viewer's words; empty where `personId` is. */
    purpose: Type.String(),
  },
  { additionalProperties: false },
);
export type PolicyView = Static<typeof PolicyView>;

/** The one input document of every decision point: small, canonical, deterministic. */
export const PolicyInput = Type.Object(
  {
    point: DecisionPoint,
    principal: Principal,
    agent: Type.Optional(
      Type.Object({ id: Type.String(), kind: Type.String() }, { additionalProperties: false }),
    ),
    session: Type.Object(
      { id: Type.String(), taint: Type.Array(Type.String()), calls: Type.Integer() },
      { additionalProperties: false },
    ),
    call: Type.Optional(PolicyCall),
    tool: Type.Optional(PolicyTool),
    resource: Type.Optional(
      Type.Object({ type: Type.String(), id: Type.String() }, { additionalProperties: false }),
    ),
    view: Type.Optional(PolicyView),
    /** RFC 3339, passed in so that a replay decides as the original did. */
    time: Type.String(),
    revision: Type.String(),
    limits: Type.Record(Type.String(), Type.Number()),
  },
  { additionalProperties: false },
);
export type PolicyInput = Static<typeof PolicyInput>;
