import { parseArgs } from "node:util";

export const targetNames = ["direct", "bare", "weir"] as const;
export type TargetName = (typeof targetNames)[number];

export const suiteNames = ["calls", "formats", "streams", "soak"] as const;
export type SuiteName = (typeof suiteNames)[number];

export interface BenchOptions {
  readonly suites: readonly SuiteName[];
  readonly soakCalls: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly targets: readonly TargetName[];
  readonly outputDirectory: string;
}

export const helpText = `Measures what Weir costs, against a bare proxy and against no proxy at all.

  pnpm bench [--rounds 5] [--seconds 3] [--quick] [--targets direct,bare,weir] [--suite calls,formats,streams] [--output bench-results]

  --rounds    how often each figure is taken; targets alternate within a round
  --seconds   how long each single measurement lasts
  --quick     two rounds of one second each: shows that it works, not how fast
  --targets   what to measure
  --suite     calls: throughput, latency and first token of a chat call
              formats: chat, Messages and Responses with 1 KB, 100 KB and 1 MB requests
              streams: a thousand streams at once
              soak: memory over --soak-calls (200000) calls, a fifth of them aborted
              (default: calls,formats,streams)
  --output    folder for bench.md and bench.json

Throughput is measured with wrk where it is installed (Debian: apt-get install wrk), otherwise with
the client in test/support/load, which itself takes more of the processor.`;

/**
 * Reads the command line; null when only help is wanted.
 * @throws {TypeError} on an unknown option or a value out of range.
 */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== "--"),
    options: {
      help: { type: "boolean", short: "h", default: false },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      seconds: { type: "string" },
      targets: { type: "string", default: targetNames.join(",") },
      output: { type: "string", default: "bench-results" },
      suite: { type: "string", default: "calls,formats,streams" },
      "soak-calls": { type: "string", default: "200000" },
    },
  });
  if (values.help) return null;
  return {
    rounds: wholeNumber("--rounds", values.rounds ?? (values.quick ? "2" : "5"), 50),
    seconds: wholeNumber("--seconds", values.seconds ?? (values.quick ? "1" : "3"), 60),
    targets: readNames("--targets", targetNames, values.targets),
    suites: readNames("--suite", suiteNames, values.suite),
    soakCalls: wholeNumber("--soak-calls", values["soak-calls"], 10_000_000),
    outputDirectory: values.output,
  };
}

function readNames<T extends string>(
  option: string,
  known: readonly T[],
  list: string,
): readonly T[] {
  const wanted = list.split(",");
  const unknown = wanted.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new TypeError(`${option}: there is no "${unknown}"`);
  return known.filter((name) => wanted.includes(name));
}

function wholeNumber(option: string, text: string, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new TypeError(`${option} takes a whole number from 1 to ${max}`);
}
