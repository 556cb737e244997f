import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { claudeCode } from "./claude-code.ts";
import type { Client } from "./client.ts";
import { codexOverHttp, codexOverWebSocket } from "./codex.ts";
import { geminiCli } from "./gemini-cli.ts";
import { faultsOf } from "./judge.ts";
import { openClaw } from "./openclaw.ts";
import { openCodeChat, openCodeMessages, openCodeResponses } from "./opencode.ts";
import { table } from "./report.ts";
import { runTurn } from "./run-turn.ts";
import { accountOf, keyFor, modelOf, scenarios, type Turn } from "./scenario.ts";
import { type Seen, withRows } from "./seen.ts";
import { setStage, type Stage } from "./stage.ts";

const clients: readonly Client[] = [
  claudeCode,
  codexOverHttp,
  codexOverWebSocket,
  geminiCli,
  openCodeChat,
  openCodeMessages,
  openCodeResponses,
  openClaw,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { output: { type: "string" } },
});
const wanted = positionals.map((word) => word.toLowerCase());
const chosen = clients.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().includes(word)),
);
const turns = chosen.flatMap((client) => scenarios.map((scenario) => ({ client, scenario })));
const stage = await setStage();
try {
  const seen = await play(stage, turns);
  process.stdout.write(`\n${table(seen)}`);
  if (values.output !== undefined) await keepOutputs(values.output, seen);
  const failed = seen.filter((one) => faultsOf(one).length > 0).length;
  process.stdout.write(`\n${seen.length - failed} of ${seen.length} turns went as they have to\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await stage.remove();
}

async function play(where: Stage, asked: readonly Turn[]): Promise<Seen[]> {
  const accounts = new Map(asked.map((turn) => [accountOf(turn), keyFor(turn)]));
  const keys = await where.makeKeys(accounts);
  const played: Omit<Seen, "rows">[] = [];
  for (const turn of asked) {
    process.stdout.write(`${turn.client.name}: ${turn.scenario}\n`);
    const key = keys.get(accountOf(turn));
    if (key === undefined) throw new Error("a turn has no key");
    const home = join(where.homes, fileName(accountOf(turn)));
    const { gateway } = where.weir;
    const command = turn.client.command({ gateway, key, model: modelOf(turn), home });
    const before = where.simulator.ledger.calls().at(-1)?.sequence ?? 0;
    const startedMs = Date.now();
    const finished = await runTurn(command, home);
    const billed = where.simulator.ledger.calls(before);
    played.push({ turn, finished, billed, startedMs, endedMs: Date.now() });
  }
  return withRows(played, await where.rows());
}

/** For finding out why: what each client wrote, and its rows. */
async function keepOutputs(folder: string, all: readonly Seen[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { turn, finished, rows } of all) {
    const name = fileName(`${turn.client.name} ${turn.scenario}`);
    await writeFile(join(folder, `${name}.txt`), finished.output);
    await writeFile(join(folder, `${name}.rows.json`), JSON.stringify(rows, null, 1));
  }
}

function fileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, "-");
}
