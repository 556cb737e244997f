import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import { addTokens, noTokens } from "../../../gateway/src/simulator/token-sum.ts";
import { type LedgerRow, tokensOf } from "../../support/read-ledger.ts";
import type { Finished } from "./run-turn.ts";
import type { Turn } from "./scenario.ts";

/** All that is known of one turn. */
export interface Seen {
  readonly turn: Turn;
  readonly finished: Finished;
  /** Unix milliseconds, from the client's start to its end. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** Weir's rows of this turn, oldest first; asking for the list of models is none. */
  readonly rows: readonly LedgerRow[];
  /** The simulator's entries of this turn. */
  readonly billed: readonly BilledCall[];
}

/** Gives each turn its rows: turns follow one another, and nothing else calls meanwhile. */
export function withRows(
  played: readonly Omit<Seen, "rows">[],
  rows: readonly LedgerRow[],
): Seen[] {
  return played.map((one) => {
    const own = rows.filter((row) => {
      const atMs = Date.parse(`${String(row["started_at"]).replace(" ", "T")}Z`);
      return atMs >= one.startedMs && atMs <= one.endedMs && row["operation"] !== "models";
    });
    return Object.assign({ rows: own }, one);
  });
}

export function statusesOf({ rows }: Pick<Seen, "rows">): readonly number[] {
  return rows.map((row) => Number(row["status"]));
}

/** Whether the rows add up to the simulator's bill in every class of tokens, and in calls. */
export function isBilledExactly({ rows, billed }: Pick<Seen, "rows" | "billed">): boolean {
  const attempts = rows.reduce((sum, row) => sum + Number(row["attempts"]), 0);
  const bill = billed.reduce((sum, call) => addTokens(sum, call.billed ?? noTokens), noTokens);
  return (
    attempts === billed.length &&
    Object.entries(bill).every(([name, tokens]) => tokens === sumOf(rows, name))
  );
}

function sumOf(rows: readonly LedgerRow[], name: string): number {
  return rows.reduce((sum, row) => sum + Number(tokensOf(row)[name] ?? 0), 0);
}

/** Whether the user read our code, and a decision by which the denial is found in the record. */
export function showsDenial({ rows, finished: { output } }: Seen): boolean {
  const decisions = rows.filter((row) => row["outcome"] === "denied");
  return (
    output.includes("WEIR_POLICY_DENIED") &&
    decisions.some((row) => output.includes(String(row["decision_id"])))
  );
}
