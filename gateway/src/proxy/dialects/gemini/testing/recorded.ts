/**
 * Streams in the shapes that Google documents (https://ai.google.dev/api/generate-content) and
 * that its clients have reported, as chunks; framed here the way the API frames them.
 */

export interface Recording {
  readonly chunks: readonly object[];
  /** Facts that a meter has to tell of it. */
  readonly expected: object;
}

const head = { modelVersion: "gemini-2.5-flash", responseId: "r-1" };
const text = (piece: string) => ({
  content: { parts: [{ text: piece }], role: "model" },
  index: 0,
});
const thought = (piece: string) => ({
  content: { parts: [{ text: piece, thought: true }], role: "model" },
  index: 0,
});
const usage = (prompt: number, candidates: number, more: object = {}) => ({
  promptTokenCount: prompt,
  candidatesTokenCount: candidates,
  totalTokenCount: prompt + candidates,
  promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt }],
  ...more,
});

export const recordings: Readonly<Record<string, Recording>> = {
  "usage in every chunk": {
    chunks: [
      { candidates: [text("The ")], usageMetadata: usage(8, 1), ...head },
      { candidates: [text("dam")], usageMetadata: usage(8, 2), ...head },
      {
        candidates: [{ ...text(" holds."), finishReason: "STOP" }],
        usageMetadata: usage(8, 4),
        ...head,
      },
    ],
    expected: {
      modelUsed: "gemini-2.5-flash",
      responseId: "r-1",
      finishReasons: ["STOP"],
      tokens: { inputUncached: 8, outputVisible: 4 },
      totalTokens: 12,
      usageIsFinal: true,
      ended: true,
      output: "The dam holds.",
    },
  },
  "usage alone in a chunk after the finish reason": {
    chunks: [
      { candidates: [text("Water.")], ...head },
      { candidates: [{ content: { role: "model" }, finishReason: "STOP", index: 0 }], ...head },
      { usageMetadata: usage(5, 2), ...head },
    ],
    expected: { tokens: { inputUncached: 5, outputVisible: 2 }, usageIsFinal: true, ended: true },
  },
  "a finish reason in every chunk, as the first models sent it": {
    chunks: ["I ", "am ", "here."].map((piece, at) => ({
      candidates: [{ ...text(piece), finishReason: "STOP" }],
      usageMetadata: usage(3, at + 1),
    })),
    expected: {
      tokens: { inputUncached: 3, outputVisible: 3 },
      finishReasons: ["STOP"],
      usageIsFinal: true,
      output: "I am here.",
    },
  },
  "thoughts, a signature and cached tokens": {
    chunks: [
      { candidates: [thought("**Weigh** it.")], usageMetadata: usage(50, 0), ...head },
      {
        candidates: [
          {
            content: { parts: [{ text: "Yes.", thoughtSignature: "AbC+/9==" }], role: "model" },
            finishReason: "STOP",
            index: 0,
          },
        ],
        usageMetadata: {
          promptTokenCount: 50,
          candidatesTokenCount: 2,
          cachedContentTokenCount: 32,
          thoughtsTokenCount: 21,
          totalTokenCount: 73,
        },
        ...head,
      },
    ],
    expected: {
      tokens: { inputUncached: 18, cacheRead: 32, outputVisible: 2, outputReasoning: 21 },
      totalTokens: 73,
      usageIsFinal: true,
    },
  },
  "stopped at the limit while it still thought: no candidate tokens at all": {
    chunks: [
      {
        candidates: [{ content: { role: "model" }, finishReason: "MAX_TOKENS", index: 0 }],
        usageMetadata: { promptTokenCount: 4, totalTokenCount: 68, thoughtsTokenCount: 64 },
      },
    ],
    expected: {
      tokens: { inputUncached: 4, outputVisible: 0, outputReasoning: 64 },
      finishReasons: ["MAX_TOKENS"],
      usageIsFinal: true,
    },
  },
  "two candidates that finish apart": {
    chunks: [
      { candidates: [text("a"), { ...text("b"), index: 1 }] },
      { candidates: [{ ...text("A"), finishReason: "STOP" }] },
      {
        candidates: [{ ...text("B"), index: 1, finishReason: "MAX_TOKENS" }],
        usageMetadata: usage(2, 4),
      },
    ],
    expected: { finishReasons: ["STOP", "MAX_TOKENS"], ended: true, usageIsFinal: true },
  },
  "calls of functions, two at once": {
    chunks: [
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { name: "open_gate", args: { gate: "}]", at: '"7"' } } },
                { functionCall: { name: "read_level", args: {} } },
              ],
              role: "model",
            },
            finishReason: "STOP",
            index: 0,
          },
        ],
        usageMetadata: usage(40, 12),
      },
    ],
    expected: { toolCallCount: 2, finishReasons: ["STOP"], usageIsFinal: true },
  },
  "tools that ran at Google": {
    chunks: [
      {
        candidates: [
          {
            content: {
              parts: [
                { executableCode: { language: "PYTHON", code: "print(6*7)" } },
                { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } },
                { text: "42" },
              ],
              role: "model",
            },
            index: 0,
          },
        ],
      },
      {
        candidates: [
          {
            content: { parts: [{ text: "." }], role: "model" },
            finishReason: "STOP",
            index: 0,
            groundingMetadata: { webSearchQueries: ["", "weir", "dam", ""] },
            urlContextMetadata: { urlMetadata: [{ retrievedUrl: "https://example.com" }] },
          },
        ],
        usageMetadata: usage(9, 20, { toolUsePromptTokenCount: 31, totalTokenCount: 60 }),
      },
    ],
    expected: {
      tokens: { inputUncached: 9, toolUsePrompt: 31, outputVisible: 20 },
      totalTokens: 60,
      serverToolCalls: { google_search: 2, url_context: 1, executable_code: 1 },
      toolCallCount: 0,
    },
  },
  "a prompt that was blocked": {
    chunks: [
      {
        promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
        usageMetadata: { promptTokenCount: 6, totalTokenCount: 6 },
        ...head,
      },
    ],
    expected: {
      ended: true,
      finishReasons: ["PROHIBITED_CONTENT"],
      tokens: { inputUncached: 6, outputVisible: 0 },
      usageIsFinal: true,
    },
  },
  "an error after status 200": {
    chunks: [
      { candidates: [text("So far")], usageMetadata: usage(7, 2) },
      { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } },
    ],
    expected: {
      errorInStream: true,
      ended: false,
      usageIsFinal: false,
      tokens: { inputUncached: 7, outputVisible: 2 },
    },
  },
  "no usage at all": {
    chunks: [
      { candidates: [text("Quiet")] },
      { candidates: [{ ...text("."), finishReason: "STOP" }] },
    ],
    expected: { tokens: null, rawUsage: "", usageIsFinal: false, ended: true, output: "Quiet." },
  },
  "usage that stops before the text does": {
    chunks: [
      { candidates: [text("one")], usageMetadata: usage(3, 1) },
      { candidates: [{ ...text(" two"), finishReason: "STOP" }] },
    ],
    expected: { tokens: { outputVisible: 1 }, usageIsFinal: false, ended: true },
  },
  "characters of several bytes": {
    chunks: [
      {
        candidates: [{ ...text("größer, 水門, 🌊"), finishReason: "STOP" }],
        usageMetadata: usage(3, 9),
      },
    ],
    expected: { output: "größer, 水門, 🌊", usageIsFinal: true },
  },
  "enumerations as numbers": {
    chunks: [
      {
        candidates: [{ ...text("7"), finishReason: 1 }],
        usageMetadata: {
          promptTokenCount: 30,
          candidatesTokenCount: 1,
          promptTokensDetails: [{ modality: 4, tokenCount: 25 }],
        },
      },
    ],
    expected: { finishReasons: ["1"], tokens: { inputUncached: 5, audioIn: 25 }, ended: true },
  },
};
