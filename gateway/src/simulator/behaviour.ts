import { behaviourWords } from "./behaviour-words.ts";

/** What a model name asks of the simulator. Counts are of content chunks. */
export interface Behaviour {
  /** How many of the offered tools to call while the conversation holds no tool result. */
  readonly toolCalls: number;
  /** Of those tools only one that runs a shell, with a command that shows whether it ran. */
  readonly shell: boolean;
  /** Pause before the first byte and between chunks. */
  readonly delayMs: number;
  /** Status to answer with instead of a completion; 0 = none. */
  readonly errorStatus: number;
  /** What goes wrong after `faultAfter` content chunks. */
  readonly fault: "none" | "die" | "stall" | "error_event";
  readonly faultAfter: number;
  /** The error inside a Responses stream is a failed response, not an event of its own. */
  readonly failsResponse: boolean;
  readonly reportsUsage: boolean;
  readonly cached: boolean;
  readonly reasoning: boolean;
  /** Text whose characters take up to four bytes each. */
  readonly utf8: boolean;
  /** Content of this many chunks; 0 = the default text. */
  readonly longChunks: number;
  /** Content of exactly this many bytes; 0 = the default text. */
  readonly contentBytes: number;
  /** Pause before the head of the reply. */
  readonly firstByteDelayMs: number;
  /** Answers this many requests of the same content with 503 before the first success. */
  readonly failures: number;
  /** What 429 and 503 put into `Retry-After`. */
  readonly retryAfterSeconds: number;
  /** Where a chat stream tells its usage. `asked`: in a chunk of its own, to whoever asks for it. */
  readonly usagePlace: "asked" | "every" | "last";
  /** Sound is billed by the second. */
  readonly billsSeconds: boolean;
  /** Calls of the provider's own search, if the request offers it. */
  readonly searches: number;
  /** Message deltas that tell usage, where the format has several; 0 = the usual one. */
  readonly deltas: number;
  /** The conversation is compacted before the answer: usage tells it as an iteration of its own. */
  readonly iterations: boolean;
  /** What was thought is told in a form that only the provider can read. */
  readonly redacted: boolean;
  /** Compression of the reply, whatever the request accepts. */
  readonly encoding: "identity" | "gzip" | "br" | "zstd";
  /** Lines of an event stream end in CR LF. */
  readonly crlf: boolean;
  /** An event's data is spread over several lines. */
  readonly multiline: boolean;
  /** A comment goes before every event. */
  readonly pings: boolean;
}

export const defaultBehaviour: Behaviour = {
  toolCalls: 0,
  shell: false,
  delayMs: 0,
  errorStatus: 0,
  fault: "none",
  faultAfter: 0,
  failsResponse: false,
  reportsUsage: true,
  cached: false,
  reasoning: false,
  utf8: false,
  longChunks: 0,
  contentBytes: 0,
  firstByteDelayMs: 0,
  failures: 0,
  retryAfterSeconds: 1,
  usagePlace: "asked",
  billsSeconds: false,
  searches: 0,
  deltas: 0,
  iterations: false,
  redacted: false,
  encoding: "identity",
  crlf: false,
  multiline: false,
  pings: false,
};

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
    const word = Object.hasOwn(behaviourWords, tokens[i] ?? "")
      ? behaviourWords[tokens[i] ?? ""]
      : undefined;
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
