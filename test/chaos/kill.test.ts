import { expect, test } from "vitest";
import { runChaos } from "./run-chaos.ts";

// Two hundred rounds: pnpm chaos.
test.each([
  { connection: "embedded", rounds: 8, seed: 7 },
  { connection: "server", rounds: 6, seed: 8 },
] as const)(
  "$rounds kills ($connection): no call that a client saw complete is lost, none is there twice",
  async ({ connection, rounds, seed }) => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const tally = await runChaos({ rounds, seed, connection, tallyEvery: rounds, log });
    expect(tally.faults, lines.join("\n")).toEqual([]);
    for (const { seenComplete, rows } of tally.classes) expect(rows).toBe(seenComplete);
    expect(tally.calls).toBeGreaterThan(50);
  },
);
