import type { Static, TSchema } from "typebox";
import type { Permission } from "../../identity/permissions.ts";
import type { View } from "../views/view.ts";
import type { LedgerHost } from "./host.ts";

/**
 * Work on the ledger as a whole: `POST /api/ledger/<name>` on a running control, or done by the
 * command itself while none runs. It tells how far it has come, step by step; the last step is its
 * result. Whoever returns from the generator stops the work at the next safe point.
 */
export interface LedgerOperation<
  Name extends string = string,
  Request extends TSchema = TSchema,
  Step extends TSchema = TSchema,
> {
  /** kebab-case. */
  readonly name: Name;
  readonly summary: string;
  readonly permission: Permission;
  /** Of `rows` it calls `recordRead` before its first step. */
  readonly view: View;
  readonly request: Request;
  readonly step: Step;
  /**
   * @throws ControlError for what is wrong with the request; its first step must be able to tell.
   */
  readonly run: (host: LedgerHost, request: Static<Request>) => AsyncGenerator<Static<Step>>;
}

/** Gives an operation its types. */
export function defineOperation<Name extends string, Request extends TSchema, Step extends TSchema>(
  operation: LedgerOperation<Name, Request, Step>,
): LedgerOperation<Name, Request, Step> {
  return operation;
}

/** An operation as a list of different ones holds it. */
export type AnyLedgerOperation = Omit<LedgerOperation, "run"> & {
  readonly run: (host: LedgerHost, request: never) => AsyncGenerator;
};
