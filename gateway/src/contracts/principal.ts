import { type Static, Type } from "typebox";

export const PrincipalKind = Type.Union([
  Type.Literal("person"),
  Type.Literal("service"),
  Type.Literal("agent"),
]);
export type PrincipalKind = Static<typeof PrincipalKind>;

/**
 * Who a call belongs to. It comes from a verified credential alone; what a client merely says
 * about itself is {@link Asserted} and never decides attribution.
 */
export const Principal = Type.Object(
  {
    id: Type.String(),
    kind: PrincipalKind,
    onBehalfOf: Type.Optional(Type.String()),
    agentId: Type.Optional(Type.String()),
    teamId: Type.String(),
    costCenter: Type.String(),
    roles: Type.Array(Type.String()),
    keyId: Type.String(),
    /** `session`: signed in at the console, or the operator at the machine itself. */
    assurance: Type.Union([
      Type.Literal("api_key"),
      Type.Literal("token"),
      Type.Literal("mtls"),
      Type.Literal("session"),
    ]),
  },
  { additionalProperties: false },
);
export type Principal = Static<typeof Principal>;

/** What the client says about itself: kept for the record, trusted for nothing. */
export const Asserted = Type.Object(
  {
    userAgent: Type.String(),
    sessionId: Type.String(),
    agentId: Type.String(),
    userId: Type.String(),
  },
  { additionalProperties: false },
);
export type Asserted = Static<typeof Asserted>;
