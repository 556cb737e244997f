import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  generateText,
  jsonSchema,
  type LanguageModel,
  type ModelMessage,
  Output,
  streamText,
  tool,
  type ToolSet,
} from "ai";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";
import type { Connection } from "../../../support/conformance/connection.ts";

// It warns of models that it does not know; the warnings are compared all the same.
globalThis.AI_SDK_LOG_WARNINGS = false;

type ModelOf = (settings: { baseURL: string; apiKey: string }, model: string) => LanguageModel;

/** The AI SDK over each wire that it speaks. */
export const aiSdk: readonly ConversationClient[] = [
  client("openai chat", "/v1", (settings, model) => createOpenAI(settings).chat(model)),
  client("openai responses", "/v1", (settings, model) => createOpenAI(settings).responses(model)),
  client("openai-compatible", "/v1", (settings, model) =>
    createOpenAICompatible({
      ...settings,
      name: "compatible",
      includeUsage: true,
      supportsStructuredOutputs: true,
    }).chatModel(model),
  ),
  client("anthropic", "/v1", (settings, model) => createAnthropic(settings)(model)),
  client("google", "/v1beta", (settings, model) => createGoogleGenerativeAI(settings)(model)),
];

function client(wire: string, path: string, modelOf: ModelOf): ConversationClient {
  return {
    name: `ai: ${wire}`,
    ask: async ({ origin, key }: Connection, turn) => {
      const model = modelOf({ baseURL: `${origin}${path}`, apiKey: key }, turn.model);
      return converse(model, turn, [{ role: "user", content: contentOf(turn) }]);
    },
  };
}

async function converse(
  model: LanguageModel,
  turn: Turn,
  messages: ModelMessage[],
): Promise<Answer> {
  const request = { model, messages, ...settingsOf(turn) };
  const { step, events } = turn.streamed
    ? await streamed(turn, request)
    : { step: await generateText(request), events: [] };
  const { text, toolCalls, finishReason, usage, providerMetadata, reasoningText, warnings } = step;
  const { headers, id, modelId } = step.response;
  const said = { text, toolCalls, finishReason, usage, providerMetadata, reasoningText, warnings };
  return {
    seen: { ...said, response: { headers, id, modelId }, events },
    text,
    calls: toolCalls.map(({ toolName, input }) => ({ name: toolName, arguments: input })),
    goOn: async (value) => {
      const content = toolCalls.map(({ toolCallId, toolName }) => ({
        type: "tool-result" as const,
        toolCallId,
        toolName,
        output: { type: "text" as const, value },
      }));
      const results: ModelMessage = { role: "tool", content };
      return converse(model, turn, [...messages, ...step.response.messages, results]);
    },
  };
}

type Request = Parameters<typeof generateText>[0] & { messages: ModelMessage[] };

async function streamed(turn: Turn, request: Request) {
  const failures: unknown[] = [];
  const onError = ({ error }: { error: unknown }) => void failures.push(error);
  const stream = streamText({ ...request, onError });
  const events: unknown[] = [];
  for await (const part of stream.fullStream) {
    if (!part.type.includes("step") && part.type !== "finish") events.push(part);
    if (part.type === "text-delta") turn.onPiece?.();
  }
  if (failures.length > 0) throw failures[0];
  const [text, toolCalls, finishReason, usage, providerMetadata] = await Promise.all([
    stream.text,
    stream.toolCalls,
    stream.finishReason,
    stream.usage,
    stream.providerMetadata,
  ]);
  const [reasoningText, warnings, response] = await Promise.all([
    stream.reasoningText,
    stream.warnings,
    stream.response,
  ]);
  const step = { text, toolCalls, finishReason, usage, providerMetadata, reasoningText, warnings };
  return { step: { ...step, response }, events };
}

function settingsOf({ tools, schema, signal, retries }: Turn) {
  const offered: ToolSet = {};
  for (const { name, description, parameters } of tools ?? []) {
    offered[name] = tool({ description, inputSchema: jsonSchema({ ...parameters }) });
  }
  return {
    maxRetries: retries ?? 0,
    ...(tools && { tools: offered }),
    ...(signal && { abortSignal: signal }),
    ...(schema && { output: Output.object({ schema: jsonSchema({ ...schema }) }) }),
  };
}

function contentOf({
  text,
  imageBase64,
}: Turn): Extract<ModelMessage, { role: "user" }>["content"] {
  if (imageBase64 === undefined) return text;
  return [
    { type: "text", text },
    { type: "file", data: imageBase64, mediaType: "image/png" },
  ];
}
