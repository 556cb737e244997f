import { setTimeout } from "node:timers/promises";
import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import type { Simulator } from "../../../gateway/src/simulator/server.ts";
import type { Connection } from "./connection.ts";
import { plain } from "./plain.ts";
import { type AnsweredHead, type ReceivedRequest, WireTap } from "./wire-tap.ts";

const SETTLED_WITHIN_MS = 10_000;

/** One run of a client, from all sides. */
export interface Observed<Result> {
  /** What the client gave back; undefined when it threw. */
  readonly result: Result | undefined;
  /** The same, or what it threw, as plain data. */
  readonly shown: unknown;
  readonly failed: boolean;
  readonly answers: readonly AnsweredHead[];
  readonly received: readonly ReceivedRequest[];
  /** What the simulator entered in its ledger meanwhile, in the order of the requests. */
  readonly bills: readonly BilledCall[];
}

/**
 * Runs a client once and waits until the simulator has ended all that it began.
 * @throws when something is still under way after ten seconds.
 */
export async function observe<Result>(
  simulator: Simulator,
  connection: Connection,
  act: (connection: Connection) => Promise<Result>,
): Promise<Observed<Result>> {
  const { ledger } = simulator;
  const before = Math.max(0, ...ledger.calls().map(({ sequence }) => sequence));
  const tap = new WireTap(connection.origin, simulator.port);
  try {
    const outcome = await act(connection).then(
      (result) => ({ result, thrown: null, failed: false }),
      (thrown: unknown) => ({ result: undefined, thrown, failed: true }),
    );
    await settled(simulator);
    const { result, failed } = outcome;
    const shown = plain(failed ? outcome.thrown : result, { origin: connection.origin });
    const bills = ledger.calls(before).toSorted((a, b) => a.sequence - b.sequence);
    return { result, failed, shown, bills, answers: tap.answers, received: tap.received };
  } finally {
    tap.stop();
  }
}

async function settled({ ledger }: Simulator): Promise<void> {
  const until = performance.now() + SETTLED_WITHIN_MS;
  while (ledger.totals().open > 0) {
    if (performance.now() > until) throw new Error("The simulator is still answering a call");
    await setTimeout(5);
  }
}
