/** What a model name asks of the simulator. Counts are of content chunks. */
export interface Behaviour {
  /** How many of the offered tools to call while the conversation holds no tool result. */
  readonly toolCalls: number;
  /** Pause before the first byte and between chunks. */
  readonly delayMs: number;
  /** Status to answer with instead of a completion; 0 = none. */
  readonly errorStatus: number;
  /** What goes wrong after `faultAfter` content chunks. */
  readonly fault: "none" | "die" | "stall" | "error_event";
  readonly faultAfter: number;
  readonly reportsUsage: boolean;
  readonly cached: boolean;
  readonly reasoning: boolean;
  /** Text whose characters take up to four bytes each. */
  readonly utf8: boolean;
  /** Content of this many chunks; 0 = the default text. */
  readonly longChunks: number;
  /** Content of exactly this many bytes; 0 = the default text. */
  readonly contentBytes: number;
}

export const defaultBehaviour: Behaviour = {
  toolCalls: 0,
  delayMs: 0,
  errorStatus: 0,
  fault: "none",
  faultAfter: 0,
  reportsUsage: true,
  cached: false,
  reasoning: false,
  utf8: false,
  longChunks: 0,
  contentBytes: 0,
};

interface Word {
  readonly defaultNumber: number;
  readonly max: number;
  readonly min?: number;
  readonly set: (number: number) => Partial<Behaviour>;
}

const words: Readonly<Record<string, Word>> = {
  echo: { defaultNumber: 0, max: 0, set: () => ({}) },
  tools: { defaultNumber: 1, min: 1, max: 16, set: (toolCalls) => ({ toolCalls }) },
  slow: { defaultNumber: 100, max: 600_000, set: (delayMs) => ({ delayMs }) },
  error: { defaultNumber: 500, min: 400, max: 599, set: (errorStatus) => ({ errorStatus }) },
  die: { defaultNumber: 3, max: 100_000, set: (n) => ({ fault: "die", faultAfter: n }) },
  stall: { defaultNumber: 1, max: 100_000, set: (n) => ({ fault: "stall", faultAfter: n }) },
  fail: { defaultNumber: 3, max: 100_000, set: (n) => ({ fault: "error_event", faultAfter: n }) },
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
};

/** One name for each thing the simulator can do, for model lists. */
export const exampleModels: readonly string[] = [
  "sim-echo",
  "sim-tools",
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
];

/**
 * Reads a model name such as `sim-tools`, `sim-slow-250` or, combined, `sim-long-50-slow-5-die-20`:
 * words, each with an optional number. Any name that is not wholly of this form, for example that of
 * a real model, asks for the default behaviour.
 */
export function behaviourOf(model: string): Behaviour {
  const name = model.slice(model.lastIndexOf("/") + 1);
  if (!name.startsWith("sim-")) return defaultBehaviour;
  const tokens = name.slice("sim-".length).replaceAll("usage-none", "usagenone").split("-");
  const behaviour = { ...defaultBehaviour };
  for (let i = 0; i < tokens.length; i += 1) {
    const word = Object.hasOwn(words, tokens[i] ?? "") ? words[tokens[i] ?? ""] : undefined;
    if (word === undefined) return defaultBehaviour;
    const next = tokens[i + 1];
    const hasNumber = next !== undefined && /^\d{1,9}$/.test(next);
    const number = hasNumber ? Number(next) : word.defaultNumber;
    if (hasNumber && (number > word.max || number < (word.min ?? 0) || word.max === 0)) {
      return defaultBehaviour;
    }
    if (hasNumber) i += 1;
    Object.assign(behaviour, word.set(number));
  }
  return behaviour;
}
