import { type Static, Type } from "typebox";

/** A change that somebody made to the control plane. */
export const AdminEvent = Type.Object(
  {
    /** UUIDv7. */
    id: Type.String(),
    atMs: Type.Integer(),
    /** `person:<id>`, `command-line` or `weir`. */
    actor: Type.String(),
    /** `{entity}.{verb}`, for example `key.revoke` or `policy.publish`. */
    action: Type.String(),
    entityId: Type.String(),
    /** What it was and what it is now, JSON; empty when there was, or is, nothing. No secret. */
    before: Type.String(),
    after: Type.String(),
  },
  { additionalProperties: false },
);
export type AdminEvent = Static<typeof AdminEvent>;

/** Somebody read another person's data, or everybody's. Written before the data is handed out. */
export const AccessEvent = Type.Object(
  {
    /** UUIDv7. */
    id: Type.String(),
    atMs: Type.Integer(),
    /** As in {@link AdminEvent}. */
    actor: Type.String(),
    /** Whose data; `*` for everybody's. */
    personId: Type.String(),
    /** What was read, for example `ledger.export`. */
    resource: Type.String(),
    /** Why, in the words of the one who read it. */
    purpose: Type.String(),
    /** The question that was asked, JSON: tables, days, filters. */
    question: Type.String(),
  },
  { additionalProperties: false },
);
export type AccessEvent = Static<typeof AccessEvent>;
