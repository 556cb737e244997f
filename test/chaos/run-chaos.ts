import { Load } from "./load.ts";
import { randomFrom } from "./random.ts";
import { ChaosSystem, type Connection } from "./system.ts";
import type { Tally } from "./tally.ts";

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly connection: Connection;
  /** How many rounds between two tallies. */
  readonly tallyEvery: number;
  readonly log: (line: string) => void;
}

const clients = 6;
const minPauseMs = 100;
const maxPauseMs = 900;

/**
 * Kills a random part at a random moment, again and again, while clients call, and compares what they
 * saw with what is on record. Ends with the first tally that has a fault.
 * @returns the last tally: of all rounds.
 */
export async function runChaos(options: ChaosOptions): Promise<Tally> {
  const { rounds, seed, connection, tallyEvery, log } = options;
  const random = randomFrom(seed);
  const system = await ChaosSystem.start(connection);
  const load = new Load(() => system.weir);
  const killed = new Map<string, number>();
  try {
    load.start(clients);
    for (let round = 1; ; round += 1) {
      const pauseMs = minPauseMs + random() * (maxPauseMs - minPauseMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const victims = system.victims();
      const victim = victims[Math.floor(random() * victims.length)] ?? "proxy";
      await system.kill(victim, random());
      killed.set(victim, (killed.get(victim) ?? 0) + 1);
      await system.recovered();
      const isLast = round === rounds;
      if (!isLast && round % tallyEvery !== 0) continue;
      await load.stop();
      const tally = await system.settle(load.seen);
      const counts = [...killed].map(([name, count]) => `${name} ${count}`).join(", ");
      log(`after ${round} rounds (${counts}): ${tally.calls} calls, ${tally.faults.length} faults`);
      if (isLast || tally.faults.length > 0) return tally;
      await system.startWeir();
      load.start(clients);
    }
  } finally {
    await load.stop();
    await system.stop();
  }
}
