import type { SuiteResult } from "./replay-suite.ts";

export interface Figures {
  readonly benign: number;
  readonly unblocked: number;
  readonly approvals: number;
  readonly attacks: number;
  readonly succeeded: number;
  /** Attacks of which something that changes or sends went through. */
  readonly hadEffect: number;
  readonly dropped: number;
}

export function figuresOf(results: readonly SuiteResult[]): Figures {
  const benign = results.flatMap((result) => result.benign);
  const attacks = results.flatMap((result) => result.attacks);
  return {
    benign: benign.length,
    unblocked: benign.filter(({ isUnblocked }) => isUnblocked).length,
    approvals: benign.reduce((sum, task) => sum + task.approvals, 0),
    attacks: attacks.length,
    succeeded: attacks.filter((attack) => attack.succeeded).length,
    hadEffect: attacks.filter((attack) => attack.hadEffect).length,
    dropped: results.reduce((sum, result) => sum + result.dropped, 0),
  };
}
