import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Cleanup } from "./cleanup.ts";
import { readEnvironment } from "./environment.ts";
import { helpText, readOptions } from "./options.ts";
import { comparedRows, markdownReport, type Report } from "./report.ts";
import { measureAll } from "./rounds.ts";
import { startTargets } from "./targets.ts";

const cleanup = new Cleanup();
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    void cleanup.run().finally(() => process.exit(code));
  });
}

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) {
    console.log(helpText);
    return;
  }
  const environment = readEnvironment();
  const log = (line: string): void => console.error(line);
  if (environment.wrk === null) log("wrk is not installed: using the slower client (see --help)");
  const targets = await startTargets(options.targets, cleanup);
  const context = { cleanup, hasWrk: environment.wrk !== null, log };
  const measurements = await measureAll(targets, options, context);
  const command = ["pnpm bench", ...args].join(" ");
  await write({ environment, options, command, measurements });
}

async function write(report: Report): Promise<void> {
  const directory = report.options.outputDirectory;
  const markdown = markdownReport(report);
  const compared = comparedRows(report.measurements);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "bench.md"), `${markdown}\n`);
  await writeFile(
    join(directory, "bench.json"),
    `${JSON.stringify({ ...report, compared }, null, 2)}\n`,
  );
  console.log(markdown);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await cleanup.run();
}
