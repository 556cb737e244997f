import { type Static, Type } from "typebox";

/** What can be stopped. */
export const StopKind = Type.Union([
  Type.Literal("agent", {
    description: "`ada/triage`, a service's id, or a bare name: every agent that is called so",
  }),
  Type.Literal("person", { description: "A person, and every agent of theirs or in their name" }),
  Type.Literal("session", { description: "As the client names it" }),
  Type.Literal("key", { description: "A key in all its rotations, and tokens got with it" }),
  Type.Literal("tool", { description: "`name` or `server/name`, `*` as wildcard" }),
  Type.Literal("all", { description: "Every call" }),
]);
export type StopKind = Static<typeof StopKind>;

export const stopKinds: readonly StopKind[] = StopKind.anyOf.map((each) => each.const);

/** A stop in force, as proxies know it. */
export const SnapshotStop = Type.Object(
  {
    id: Type.String(),
    kind: StopKind,
    /** Empty for `all`. */
    target: Type.String(),
    /** Only calls of this person's or service's, and of agents of theirs or in their name. */
    ownerId: Type.Optional(Type.String()),
    /** The stopped client is shown it. */
    reason: Type.String(),
    setAtMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type SnapshotStop = Static<typeof SnapshotStop>;

/** Why somebody stops something, or lets it go on: not blank. */
export const StopReason = Type.String({ minLength: 1, maxLength: 500, pattern: "\\S" });

/** More than any incident needs; a stop of everything is always taken. */
export const maxStopsInForce = 5_000;

/** What a proxy paused by itself, for control to keep. */
export const NewPause = Type.Object(
  {
    kind: Type.Union([Type.Literal("session"), Type.Literal("key")]),
    target: Type.String({ minLength: 1, maxLength: 256 }),
    ownerId: Type.String({ maxLength: 256 }),
    reason: StopReason,
  },
  { additionalProperties: false },
);
export type NewPause = Static<typeof NewPause>;
