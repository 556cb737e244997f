import type { LanguageModelV4GenerateResult } from "@ai-sdk/provider";
import { isJsonObject, type JsonObject } from "../../dialects/json-body.ts";
import type { AnswerContext } from "../client-dialect.ts";
import { UnreadableAnswer } from "../translator.ts";
import { unsupportedPart } from "../unsupported-part.ts";
import { messagesStopReason } from "./stop-reason.ts";
import { messagesUsage } from "./usage.ts";

type Part = LanguageModelV4GenerateResult["content"][number];

function toolInput(text: string): JsonObject {
  let input: unknown;
  try {
    input = text.trim() === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new UnreadableAnswer("The model called a tool with arguments that are not JSON.", {
      cause,
    });
  }
  if (isJsonObject(input)) return input;
  throw new UnreadableAnswer("The model called a tool with arguments that are not an object.");
}

/** Null for what is not shown: another provider's thoughts have no signature to send back. */
function block(part: Part): JsonObject | null {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, citations: null };
    case "tool-call":
      if (part.providerExecuted === true) throw unsupportedPart(part.type);
      return {
        type: "tool_use",
        id: part.toolCallId,
        name: part.toolName,
        input: toolInput(part.input),
        caller: { type: "direct" },
      };
    case "reasoning":
    case "source":
    case "custom":
      return null;
    default:
      throw unsupportedPart(part.type);
  }
}

/** A message before anything stands in it, as message_start tells it. */
export function emptyMessage(context: AnswerContext): JsonObject {
  return {
    id: `msg_${context.callId}`,
    type: "message",
    role: "assistant",
    model: context.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: messagesUsage(null),
  };
}

/** @throws UnreadableAnswer */
export function renderMessagesAnswer(
  result: LanguageModelV4GenerateResult,
  context: AnswerContext,
): JsonObject {
  return {
    ...emptyMessage(context),
    content: result.content.map(block).filter((shown) => shown !== null),
    stop_reason: messagesStopReason(result.finishReason),
    usage: messagesUsage(result.usage),
  };
}
