/** A reproducible mix of calls in every format that is billed by tokens. */

export interface MixedCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The client leaves after so many bytes of the answer; null = it reads all of it. */
  readonly abortAfterBytes: number | null;
}

interface Asked {
  readonly model: string;
  readonly stream: boolean;
  readonly text: string;
}

type Format = (asked: Asked) => Pick<MixedCall, "path" | "body">;

const formats: Readonly<Record<string, Format>> = {
  openai: ({ model, stream, text }) => ({
    path: "/v1/chat/completions",
    body: { model, stream, messages: [{ role: "user", content: text }], tools },
  }),
  responses: ({ model, stream, text }) => ({
    path: "/v1/responses",
    body: { model, stream, input: text },
  }),
  anthropic: ({ model, stream, text }) => ({
    path: "/v1/messages",
    body: { model, stream, max_tokens: 400, messages: [{ role: "user", content: text }] },
  }),
  gemini: ({ model, stream, text }) => ({
    path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: { contents: [{ role: "user", parts: [{ text }] }] },
  }),
  completions: ({ model, stream, text }) => ({
    path: "/v1/completions",
    body: { model, stream, prompt: text },
  }),
  embeddings: ({ model, text }) => ({ path: "/v1/embeddings", body: { model, input: text } }),
};

const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }];

/** Share of each kind of model name in the mix, in hundredths. */
const models: readonly (readonly [share: number, model: string])[] = [
  [15, "sim-echo"],
  [10, "sim-long-40-slow-2"],
  [10, "sim-cached"],
  [10, "sim-reasoning"],
  [10, "sim-utf8-long-20"],
  [5, "sim-tools"],
  [5, "sim-usage-none"],
  [10, "sim-flaky-1"],
  [5, "fallback"],
  [5, "sim-error-500"],
  [5, "sim-long-9-die-3"],
  [5, "sim-long-9-fail-3"],
  [5, "sim-long-200"],
];

/** `count` calls, the same ones for the same seed. Every call has a text of its own. */
export function mixedCalls(count: number, seed: number): MixedCall[] {
  const random = randomFrom(seed);
  const names = Object.keys(formats);
  return Array.from({ length: count }, (_, index) => {
    const name = names[Math.floor(random() * names.length)] ?? "openai";
    const format = formats[name] ?? formats["openai"];
    if (format === undefined) throw new Error("there is no format");
    const stream = random() < 0.6;
    const model = modelFor(name, pick(random()));
    const text = `call ${index} ${"word ".repeat(Math.floor(random() * 20))}`;
    const leaves = stream && random() < 0.2;
    const abortAfterBytes = leaves ? Math.floor(random() * 2_000) : null;
    return { ...format({ model, stream, text }), abortAfterBytes };
  });
}

function pick(point: number): string {
  let left = point * 100;
  for (const [share, model] of models) {
    left -= share;
    if (left < 0) return model;
  }
  return "sim-echo";
}

/** An alias belongs to one dialect. */
function modelFor(format: string, model: string): string {
  if (model !== "fallback") return model;
  const isOwn = format === "anthropic" || format === "gemini";
  return isOwn ? `fallback-${format}` : "fallback-openai";
}

/** Mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
