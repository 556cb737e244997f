import type { Behaviour } from "./behaviour.ts";

export interface Word {
  readonly defaultNumber: number;
  readonly max: number;
  readonly min?: number;
  readonly set: (number: number) => Partial<Behaviour>;
}

/** Words of a model name. `max` 0 = the word takes no number. */
export const behaviourWords: Readonly<Record<string, Word>> = {
  echo: { defaultNumber: 0, max: 0, set: () => ({}) },
  tools: { defaultNumber: 1, min: 1, max: 16, set: (toolCalls) => ({ toolCalls }) },
  shell: { defaultNumber: 0, max: 0, set: () => ({ toolCalls: 1, shell: true }) },
  slow: { defaultNumber: 100, max: 600_000, set: (delayMs) => ({ delayMs }) },
  error: { defaultNumber: 500, min: 400, max: 599, set: (errorStatus) => ({ errorStatus }) },
  die: { defaultNumber: 3, max: 100_000, set: (n) => ({ fault: "die", faultAfter: n }) },
  stall: { defaultNumber: 1, max: 100_000, set: (n) => ({ fault: "stall", faultAfter: n }) },
  fail: { defaultNumber: 3, max: 100_000, set: (n) => ({ fault: "error_event", faultAfter: n }) },
  failed: {
    defaultNumber: 3,
    max: 100_000,
    set: (n) => ({ fault: "error_event", faultAfter: n, failsResponse: true }),
  },
  usagenone: { defaultNumber: 0, max: 0, set: () => ({ reportsUsage: false }) },
  cached: { defaultNumber: 0, max: 0, set: () => ({ cached: true }) },
  reasoning: { defaultNumber: 0, max: 0, set: () => ({ reasoning: true }) },
  utf8: { defaultNumber: 0, max: 0, set: () => ({ utf8: true }) },
  long: { defaultNumber: 100, min: 1, max: 100_000, set: (longChunks) => ({ longChunks }) },
  bytes: {
    defaultNumber: 1024,
    min: 1,
    max: 67_108_864,
    set: (contentBytes) => ({ contentBytes }),
  },
  ttfb: { defaultNumber: 100, max: 600_000, set: (n) => ({ firstByteDelayMs: n }) },
  flaky: { defaultNumber: 1, min: 1, max: 1000, set: (failures) => ({ failures }) },
  retryafter: { defaultNumber: 1, max: 86_400, set: (n) => ({ retryAfterSeconds: n }) },
  usageevery: { defaultNumber: 0, max: 0, set: () => ({ usagePlace: "every" }) },
  usagelast: { defaultNumber: 0, max: 0, set: () => ({ usagePlace: "last" }) },
  seconds: { defaultNumber: 0, max: 0, set: () => ({ billsSeconds: true }) },
  search: { defaultNumber: 1, min: 1, max: 16, set: (searches) => ({ searches }) },
  deltas: { defaultNumber: 3, min: 1, max: 1000, set: (deltas) => ({ deltas }) },
  iterations: { defaultNumber: 0, max: 0, set: () => ({ iterations: true }) },
  redacted: { defaultNumber: 0, max: 0, set: () => ({ reasoning: true, redacted: true }) },
  gzip: { defaultNumber: 0, max: 0, set: () => ({ encoding: "gzip" }) },
  br: { defaultNumber: 0, max: 0, set: () => ({ encoding: "br" }) },
  zstd: { defaultNumber: 0, max: 0, set: () => ({ encoding: "zstd" }) },
  crlf: { defaultNumber: 0, max: 0, set: () => ({ crlf: true }) },
  multiline: { defaultNumber: 0, max: 0, set: () => ({ multiline: true }) },
  ping: { defaultNumber: 0, max: 0, set: () => ({ pings: true }) },
};

/** One name for each thing the simulator can do, for model lists. */
export const exampleModels: readonly string[] = [
  "sim-echo",
  "sim-tools",
  "sim-shell",
  "sim-slow-250",
  "sim-long-100",
  "sim-bytes-65536",
  "sim-cached",
  "sim-reasoning",
  "sim-utf8",
  "sim-usage-none",
  "sim-error-429",
  "sim-error-500",
  "sim-die",
  "sim-stall",
  "sim-fail",
  "sim-flaky-2",
  "sim-search",
  "sim-ttfb-250",
];
