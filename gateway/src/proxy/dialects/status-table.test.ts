import { describe, expect, test } from "vitest";
import type { RefusalCode, RefusalKind } from "../refusal-table.ts";
import { Refusal } from "../refusal.ts";
import { anthropic } from "./anthropic/anthropic.ts";
import type { Dialect } from "./dialect.ts";
import { gemini } from "./gemini/gemini.ts";
import { openAiAudio } from "./openai-audio/openai-audio.ts";
import { openAiChat } from "./openai-chat/openai-chat.ts";
import { openAiCompletions } from "./openai-completions/openai-completions.ts";
import { openAiEmbeddings } from "./openai-embeddings/openai-embeddings.ts";
import { openAiFiles } from "./openai-files/openai-files.ts";
import { openAiImages } from "./openai-images/openai-images.ts";
import { openAiModels } from "./openai-models/openai-models.ts";
import { openAiModerations } from "./openai-moderations/openai-moderations.ts";
import { openAiResponses } from "./openai-responses/openai-responses.ts";
import { passthrough } from "./passthrough/passthrough.ts";

const ids = { callId: "call-1", decisionId: "decision-1" };
const codeOf: Record<RefusalKind, RefusalCode> = {
  unauthenticated: "WEIR_KEY_INVALID",
  invalid_request: "WEIR_BODY_NOT_JSON",
  not_found: "WEIR_NO_PROVIDER",
  too_large: "WEIR_BODY_TOO_LARGE",
  unsupported: "WEIR_ENCODING_UNSUPPORTED",
  denied: "WEIR_POLICY_DENIED",
  upgrade_required: "WEIR_UPGRADE_REQUIRED",
  rate_limited: "WEIR_PROVIDER_BUSY",
  unavailable: "WEIR_OVERLOADED",
  upstream_unreachable: "WEIR_UPSTREAM_UNREACHABLE",
  upstream_timeout: "WEIR_UPSTREAM_TIMEOUT",
  internal: "WEIR_INTERNAL",
};

/** Found with the clients themselves: chat, Responses, Messages, Gemini. */
const statuses: Record<RefusalKind, [number, number, number, number]> = {
  unauthenticated: [401, 401, 401, 401],
  invalid_request: [400, 400, 400, 400],
  not_found: [404, 404, 404, 404],
  too_large: [413, 413, 413, 413],
  unsupported: [415, 415, 415, 415],
  denied: [403, 400, 402, 403],
  upgrade_required: [426, 426, 426, 426],
  rate_limited: [429, 429, 429, 429],
  unavailable: [503, 503, 503, 503],
  upstream_unreachable: [502, 502, 502, 502],
  upstream_timeout: [504, 504, 504, 504],
  internal: [500, 500, 500, 500],
};

const text = expect.stringMatching(/ \[WEIR_[A-Z_]+, decision decision-1\]$/);
const word = expect.stringMatching(/^[A-Za-z_]+$/);
const shapes = {
  openai: { error: { message: text, type: word, param: null, code: word } },
  anthropic: { type: "error", error: { type: word, message: text }, request_id: "call-1" },
  gemini: { error: { code: expect.any(Number), message: text, status: word } },
};
type Shape = keyof typeof shapes;

const dialects: [Dialect, column: 0 | 1 | 2 | 3, shape: Shape][] = [
  [openAiChat, 0, "openai"],
  [openAiCompletions, 0, "openai"],
  [openAiEmbeddings, 0, "openai"],
  [openAiModerations, 0, "openai"],
  [openAiAudio, 0, "openai"],
  [openAiImages, 0, "openai"],
  [openAiFiles, 0, "openai"],
  [openAiModels, 0, "openai"],
  [passthrough, 0, "openai"],
  [openAiResponses, 1, "openai"],
  [anthropic, 2, "anthropic"],
  [gemini, 3, "gemini"],
];

const kinds = Object.entries(codeOf).map(([kind, code]) => ({ kind, code }));
const isKind = (kind: string): kind is RefusalKind => kind in statuses;

describe.each(
  dialects.map(([dialect, column, shape]) => ({ name: dialect.name, dialect, column, shape })),
)("$name", ({ dialect, column, shape }) => {
  test.each(kinds)("$kind has its status and shape", ({ kind, code }) => {
    const { status, headers, body } = dialect.renderRefusal(new Refusal(code), ids);
    expect(isKind(kind) && statuses[kind][column]).toBe(status);
    expect(JSON.parse(body)).toEqual(shapes[shape]);
    expect(headers["x-should-retry"]).toBe(kind === "denied" ? "false" : undefined);
    const mayWait = kind === "rate_limited" || kind === "unavailable";
    expect(headers["retry-after"]).toBe(mayWait ? "2" : undefined);
  });

  test("nobody is told to wait longer than a minute, nor in fractions of a second", () => {
    for (const [asked, told] of [
      [0, "1"],
      [0.2, "1"],
      [1.2, "2"],
      [30, "30"],
      [86_400, "60"],
    ] as const) {
      for (const code of ["WEIR_PROVIDER_BUSY", "WEIR_PROVIDER_DOWN"] as const) {
        const refusal = new Refusal(code, { retryAfterSeconds: asked });
        expect(dialect.renderRefusal(refusal, ids).headers["retry-after"]).toBe(told);
      }
    }
  });

  test("a limit is told in the RateLimit headers, with its window where it has one", () => {
    const limit = { name: "provider-p", quota: 5 };
    const render = (refusal: Refusal) => dialect.renderRefusal(refusal, ids).headers;
    expect(
      render(new Refusal("WEIR_PROVIDER_BUSY", { retryAfterSeconds: 3, limit })),
    ).toMatchObject({
      "retry-after": "3",
      "ratelimit-policy": '"provider-p";q=5',
      ratelimit: '"provider-p";r=0;t=3',
    });
    const windowed = { ...limit, windowSeconds: 60 };
    expect(render(new Refusal("WEIR_PROVIDER_BUSY", { limit: windowed }))["ratelimit-policy"]).toBe(
      '"provider-p";q=5;w=60',
    );
    expect(render(new Refusal("WEIR_PROVIDER_BUSY"))).not.toHaveProperty("ratelimit");
  });

  test("a message cannot break out of its body", () => {
    const message = 'x"}\r\n\r\ndata: {"y":1}\u2028</script>';
    const refusal = new Refusal("WEIR_POLICY_DENIED", { message });
    expect(JSON.parse(dialect.renderRefusal(refusal, ids).body).error.message).toContain(message);
    const frame = dialect.renderStreamError(refusal, ids);
    expect(frame).not.toContain('\ndata: {"y"');
  });
});
