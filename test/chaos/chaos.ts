import { parseArgs } from "node:util";
import { runChaos } from "./run-chaos.ts";
import { tallyText } from "./tally.ts";

const help = `Kills parts of a running Weir at random moments and compares what clients saw with the ledger.

  pnpm chaos [--rounds 200] [--seed 1] [--connection embedded|server] [--every 20]

  --connection  server: ClickHouse is a process of its own, and is killed too
  --every       rounds between two tallies`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    help: { type: "boolean", short: "h", default: false },
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    connection: { type: "string", default: "embedded" },
    every: { type: "string", default: "20" },
  },
});
if (values.help) process.stdout.write(`${help}\n`);
else {
  const startedAt = performance.now();
  const tally = await runChaos({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    connection: values.connection === "server" ? "server" : "embedded",
    tallyEvery: Number(values.every),
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const head = `${values.rounds} rounds, ${values.connection}, seed ${values.seed}, ${seconds} s`;
  process.stdout.write(`${head}\n${tallyText(tally)}\n`);
  if (tally.faults.length > 0) process.exitCode = 1;
}
