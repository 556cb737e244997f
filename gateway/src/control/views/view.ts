import type { Actor } from "../store/change.ts";

/** What somebody wants to see. */
export interface ViewQuestion {
  /** For example `ledger.export`. */
  readonly resource: string;
  /** Of the one thing that is asked for, such as a call; empty = more than one. */
  readonly resourceId: string;
  /** Whose; `*` = everybody's; empty = sums and states that name nobody. */
  readonly personId: string;
  /** Empty where `personId` is. */
  readonly purpose: string;
}

export interface ViewAnswer {
  readonly isAllowed: boolean;
  /** Of the rules that speak against it; empty when it is allowed. */
  readonly ruleIds: readonly string[];
  /** What to tell the viewer; likewise. */
  readonly message: string;
}

/** Whether policy lets somebody see what their role lets them see. Never rejects: a failure denies. */
export type DecideView = (actor: Actor, question: ViewQuestion) => Promise<ViewAnswer>;

/**
 * What an operation shows that is not the viewer's own: `rows` that belong to people, which need a
 * purpose and are on record first; `figures` and states that name nobody; `nothing` but what it
 * has done itself.
 */
export interface View {
  readonly shows: "rows" | "figures" | "nothing";
  /** As the access log and policies call it; empty for `nothing`. */
  readonly resource: string;
}

/** Of an operation that changes something and hands nothing out. */
export const showsNothing: View = { shows: "nothing", resource: "" };
