import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import { isJsonObject, type JsonObject } from "../../dialects/json-body.ts";

/** The AI SDK reads only what every compatible server tells; OpenAI's cache writes stand here. */
function rawCacheWrite(raw: unknown): number {
  const details = isJsonObject(raw) ? raw["prompt_tokens_details"] : undefined;
  const written = isJsonObject(details) ? details["cache_write_tokens"] : undefined;
  return typeof written === "number" ? written : 0;
}

/** Anthropic's classes of input exclude each other. */
function classes({ inputTokens, outputTokens, raw }: LanguageModelV4Usage) {
  const written = inputTokens.cacheWrite ?? rawCacheWrite(raw);
  const uncached = inputTokens.noCache ?? inputTokens.total ?? 0;
  return {
    input: inputTokens.cacheWrite === undefined ? Math.max(0, uncached - written) : uncached,
    written,
    read: inputTokens.cacheRead ?? 0,
    output: outputTokens.total ?? 0,
    thinking: outputTokens.reasoning ?? 0,
  };
}

/** The whole object: strict clients look for each of its members, zero where nothing was told. */
export function messagesUsage(usage: LanguageModelV4Usage | null): JsonObject {
  const counted = usage === null ? null : classes(usage);
  return {
    input_tokens: counted?.input ?? 0,
    cache_creation_input_tokens: counted?.written ?? 0,
    cache_read_input_tokens: counted?.read ?? 0,
    cache_creation: {
      ephemeral_5m_input_tokens: counted?.written ?? 0,
      ephemeral_1h_input_tokens: 0,
    },
    output_tokens: counted?.output ?? 0,
    output_tokens_details: { thinking_tokens: counted?.thinking ?? 0 },
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: null,
  };
}

/** For message_delta, whose counts replace those of message_start. */
export function messagesDeltaUsage(usage: LanguageModelV4Usage): JsonObject {
  const { input, written, read, output, thinking } = classes(usage);
  return {
    input_tokens: input,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: output,
    output_tokens_details: { thinking_tokens: thinking },
    server_tool_use: null,
  };
}
