import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrate } from "../../gateway/src/ledger/clickhouse/migrate.ts";
import { closeClickHouse, openClickHouse } from "../../gateway/src/ledger/clickhouse/open.ts";
import { readEnvironment } from "./environment.ts";
import { type AppendFigures, measureAppend } from "./ledger/append.ts";
import { generateLedger } from "./ledger/generate.ts";
import { measureQuestions } from "./ledger/questions.ts";
import { type LedgerFigures, ledgerReport } from "./ledger/report.ts";
import { fillSpool, measureShipping } from "./ledger/ship.ts";

const help = `Measures the ledger: appending, shipping, and what the console asks.

  pnpm bench:ledger [--suite append,ship,questions] [--rows 1000000] [--calls 50000000] [--rounds 40]

  --suite   what to measure (default: all)
  --rows    rows to ship, half of them calls, half decisions
  --calls   calls to ask questions about; 50 million take about 12 GB of disk, and minutes to make
  --rounds  how often each question is asked
  --output  folder for ledger.md and ledger.json (default: bench-results)`;

const log = (line: string): void => console.error(line);
const retention = { retentionDays: 20_000, hourRetentionDays: 20_000, dayRetentionDays: 20_000 };

async function inNewFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "weir-bench-ledger-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measureAppends(): Promise<AppendFigures[]> {
  const figures: AppendFigures[] = [];
  for (const mode of ["interval", "sync"] as const)
    for (const concurrency of [1, 32]) figures.push(await measureAppend(mode, concurrency, 5));
  return figures;
}

function measureShip(rows: number) {
  return inNewFolder(async (directory) => {
    log(`spooling ${rows} rows`);
    await fillSpool(join(directory, "spool"), rows / 2);
    log("shipping them");
    return measureShipping(directory);
  });
}

function askQuestions(calls: number, rounds: number) {
  return inNewFolder(async (directory) => {
    const client = openClickHouse({ path: join(directory, "clickhouse") });
    await migrate(client, retention);
    await generateLedger(client, calls, log);
    log("asking");
    const questions = await measureQuestions(client, rounds);
    const generated = { calls, rssMib: process.memoryUsage.rss() / 2 ** 20 };
    await closeClickHouse(client);
    return { questions, generated };
  });
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      help: { type: "boolean", short: "h", default: false },
      suite: { type: "string", default: "append,ship,questions" },
      rows: { type: "string", default: "1000000" },
      calls: { type: "string", default: "50000000" },
      rounds: { type: "string", default: "40" },
      output: { type: "string", default: "bench-results" },
    },
  });
  if (values.help) return console.log(help);
  const suites = values.suite.split(",");
  const asked = suites.includes("questions")
    ? await askQuestions(Number(values.calls), Number(values.rounds))
    : { questions: [], generated: null };
  const figures: LedgerFigures = {
    environment: readEnvironment(),
    command: ["pnpm bench:ledger", ...args].join(" "),
    append: suites.includes("append") ? await measureAppends() : [],
    ship: suites.includes("ship") ? await measureShip(Number(values.rows)) : null,
    ...asked,
  };
  const report = ledgerReport(figures);
  await mkdir(values.output, { recursive: true });
  await writeFile(join(values.output, "ledger.md"), `${report}\n`);
  await writeFile(join(values.output, "ledger.json"), `${JSON.stringify(figures, null, 2)}\n`);
  console.log(report);
}

await main(process.argv.slice(2));
