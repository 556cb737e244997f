import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Cleanup } from "./cleanup.ts";
import { readEnvironment } from "./environment.ts";
import { formatsReport, measureFormats } from "./formats.ts";
import { helpText, readOptions, type SuiteName } from "./options.ts";
import { comparedRows, markdownReport } from "./report.ts";
import { measureAll } from "./rounds.ts";
import { measureSoak, soakReport } from "./soak.ts";
import { measureStreams, streamsReport } from "./streams.ts";
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
  const context = { cleanup, hasWrk: environment.wrk !== null, log };
  const command = ["pnpm bench", ...args].join(" ");
  const sections: string[] = [];
  const figures: Record<string, unknown> = { environment, options, command };
  const has = (suite: SuiteName): boolean => options.suites.includes(suite);
  if (has("calls") || has("formats")) {
    const targets = await startTargets(options.targets, cleanup);
    if (has("calls")) {
      const measurements = await measureAll(targets, options, context);
      sections.push(markdownReport({ environment, options, command, measurements }));
      Object.assign(figures, { measurements, compared: comparedRows(measurements) });
    }
    if (has("formats") && context.hasWrk) {
      const rows = await measureFormats(targets, options, context);
      sections.push(formatsReport(rows));
      figures["formats"] = rows;
    }
    await cleanup.run();
  }
  if (has("streams")) {
    const rows = await measureStreams(options.targets, context);
    sections.push(streamsReport(rows));
    figures["streams"] = rows;
    await cleanup.run();
  }
  if (has("soak")) {
    const samples = await measureSoak(options.soakCalls, context);
    sections.push(soakReport(samples));
    figures["soak"] = samples;
  }
  await write(options.outputDirectory, sections.join("\n\n"), figures);
}

async function write(directory: string, markdown: string, figures: object): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "bench.md"), `${markdown}\n`);
  await writeFile(join(directory, "bench.json"), `${JSON.stringify(figures, null, 2)}\n`);
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
