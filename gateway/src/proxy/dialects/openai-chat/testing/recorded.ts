/** Streams of chat completions in the shapes that providers are documented to send. */
import { multiLineFrame, sseFrame, withLineEnds } from "../../testing/sse-bytes.ts";

const usage = {
  prompt_tokens: 11,
  completion_tokens: 5,
  total_tokens: 16,
  prompt_tokens_details: { cached_tokens: 3, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 0 },
};

function chunk(choices: object[], more: object = {}): Buffer {
  return sseFrame(chunkObject(choices, more));
}

function chunkObject(choices: object[], more: object = {}): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_763_000_000,
    model: "m-2",
    system_fingerprint: "fp_1",
    choices,
    ...more,
  };
}

function choice(delta: object, finishReason: string | null = null, index = 0): object {
  return { index, delta, logprobs: null, finish_reason: finishReason };
}

const done = sseFrame("[DONE]");
const role = chunk([choice({ role: "assistant", content: "", refusal: null })]);
const stop = chunk([choice({}, "stop")]);

/** What one stream tells, besides that it is complete. */
export interface Recorded {
  readonly bytes: Buffer;
  readonly output: string;
  readonly finishReasons: readonly string[];
  /** null = it tells no usage; otherwise the sum that it tells. */
  readonly totalTokens: number | null;
  readonly toolCallCount?: number;
  readonly errorInStream?: boolean;
}

/** The frame that is there only because usage was asked for. */
export const usageFrame = chunk([], { usage });

const plain = Buffer.concat([
  role,
  chunk([choice({ content: "Hello" })], { usage: null, obfuscation: "aB3" }),
  chunk([choice({ content: " world" })], { usage: null, obfuscation: "x" }),
  chunk([choice({}, "stop")], { usage: null }),
  usageFrame,
  done,
]);

const told = { output: "Hello world", finishReasons: ["stop"], totalTokens: 16 };

export const recordedChats: Readonly<Record<string, Recorded>> = {
  "usage in a frame of its own": { bytes: plain, ...told },
  "CR LF line ends": { bytes: withLineEnds(plain, "\r\n"), ...told },
  // Only the next byte shows that a lone CR was not half of a CR LF.
  "CR line ends": {
    bytes: Buffer.concat([withLineEnds(plain, "\r"), Buffer.from(":")]),
    ...told,
  },
  "usage in every chunk": {
    bytes: Buffer.concat([
      role,
      ...["Hello", " world"].map((content, index) =>
        chunk([choice({ content })], {
          usage: { prompt_tokens: 11, completion_tokens: index + 1, total_tokens: index + 12 },
        }),
      ),
      chunk([choice({}, "stop")], { usage }),
      done,
    ]),
    ...told,
  },
  "usage in the last content chunk": {
    bytes: Buffer.concat([
      role,
      chunk([choice({ content: "Hello" })]),
      chunk([choice({ content: " world" }, "stop")], { usage }),
      done,
    ]),
    ...told,
  },
  "usage in a choice": {
    bytes: Buffer.concat([
      chunk([choice({ content: "Hello world" })]),
      chunk([{ ...choice({}, "stop"), usage }]),
      done,
    ]),
    ...told,
  },
  "usage nowhere": {
    bytes: Buffer.concat([role, chunk([choice({ content: "Hello world" })]), stop, done]),
    ...told,
    totalTokens: null,
  },
  "data over several lines": {
    bytes: Buffer.concat([
      role,
      multiLineFrame(chunkObject([choice({ content: "Hello" })])),
      multiLineFrame(chunkObject([choice({ content: " world" }, "stop")])),
      multiLineFrame(chunkObject([], { usage })),
      done,
    ]),
    ...told,
  },
  "pings and comments": {
    bytes: Buffer.concat([
      Buffer.from(": OPENROUTER PROCESSING\n\n"),
      role,
      Buffer.from(": ping\n\nevent: ping\ndata: {}\n\n"),
      chunk([choice({ content: "Hello world" })]),
      Buffer.from(":\n\nretry: 3000\n\n"),
      stop,
      usageFrame,
      done,
    ]),
    ...told,
  },
  "characters of several bytes and escapes": {
    bytes: Buffer.concat([
      role,
      chunk([choice({ content: "日本 😀 ü" })]),
      chunk([choice({ content: 'a "b" \\ \n [DONE] "usage":{"x":1}' })]),
      Buffer.from(
        'data: {"model":"m-2","choices":[{"index":0,"delta":{"content":"\\ud83d\\ude00"},"finish_reason":null}]}\n\n',
      ),
      stop,
      usageFrame,
      done,
    ]),
    ...told,
    output: '日本 😀 üa "b" \\ \n [DONE] "usage":{"x":1}😀',
  },
  "reasoning before the answer": {
    bytes: Buffer.concat([
      chunk([choice({ role: "assistant", content: null, reasoning_content: "" })]),
      chunk([choice({ content: null, reasoning_content: "Think." })]),
      chunk([choice({ reasoning: " More." })]),
      chunk([choice({ content: "Yes", reasoning_content: null })]),
      chunk([choice({ refusal: "No" })]),
      stop,
      usageFrame,
      done,
    ]),
    ...told,
    output: "Think. More.YesNo",
  },
  "tool calls in pieces, two at a time": {
    bytes: Buffer.concat([
      role,
      ...[
        [{ index: 0, id: "call_1", type: "function", function: { name: "a", arguments: "" } }],
        [{ index: 0, function: { arguments: '{"x":' } }],
        [
          { index: 0, function: { arguments: "1}" } },
          { index: 1, id: "call_2", type: "function", function: { name: "b", arguments: "{}" } },
        ],
        [{ index: 2, id: "call_3", type: "custom", custom: { name: "c", input: "free" } }],
      ].map((calls) => chunk([choice({ tool_calls: calls })])),
      chunk([choice({}, "tool_calls")]),
      usageFrame,
      done,
    ]),
    ...told,
    output: '{"x":1}{}free',
    finishReasons: ["tool_calls"],
    toolCallCount: 3,
  },
  "several answers in one": {
    bytes: Buffer.concat([
      chunk([choice({ content: "A" }), choice({ content: "B" }, null, 1)]),
      chunk([choice({ content: "C" }, "length", 1)]),
      chunk([choice({}, "stop")]),
      usageFrame,
      done,
    ]),
    ...told,
    output: "ABC",
    finishReasons: ["length", "stop"],
  },
  "a sound with its transcript": {
    bytes: Buffer.concat([
      chunk([choice({ role: "assistant", audio: { id: "audio_1", transcript: "Hi" } })]),
      chunk([choice({ audio: { data: "UklGRg==" } })]),
      stop,
      usageFrame,
      done,
    ]),
    ...told,
    output: "Hi",
  },
  "an error after status 200": {
    bytes: Buffer.concat([
      role,
      chunk([choice({ content: "Hel" })]),
      chunk([choice({ content: "" }, "error")], { error: { code: 502, message: "overloaded" } }),
    ]),
    output: "Hel",
    finishReasons: ["error"],
    totalTokens: null,
    errorInStream: true,
  },
  "an error of vLLM": {
    bytes: sseFrame({ object: "error", message: "out of memory", code: 500 }),
    output: "",
    finishReasons: [],
    totalTokens: null,
    errorInStream: true,
  },
};
