import type { ControlFixture } from "./control-fixture.ts";

export type VerbFixture = Pick<ControlFixture, "context" | "store" | "clock">;

/** Something that changes the control plane. */
export interface Verb {
  /** What it writes into the admin log, in order; most write one row. */
  readonly rows: readonly string[];
  /** The file that writes them, below `src`. */
  readonly from: readonly string[];
  /** Operation of the API that leads to it; null = a command, weir.yaml, or signing in. */
  readonly over: string | null;
  /** Brings things to where the verb can be used. What comes back goes to `act`. */
  readonly prepare?: (fixture: VerbFixture) => Promise<string>;
  readonly act: (fixture: VerbFixture, prepared: string) => Promise<unknown>;
}
