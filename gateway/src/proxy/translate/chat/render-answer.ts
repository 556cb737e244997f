import type { LanguageModelV4GenerateResult, LanguageModelV4ToolCall } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import type { AnswerContext } from "../client-dialect.ts";
import { unsupportedPart } from "../unsupported-part.ts";
import { chatFinishReason } from "./finish-reason.ts";
import { reasoningDetail } from "./reasoning-details.ts";
import { chatUsage } from "./usage.ts";

/** Google's signature of the thoughts behind a call, where Google's own chat endpoint has it. */
export function extraContent(metadata: LanguageModelV4ToolCall["providerMetadata"]): JsonObject {
  const signature = metadata?.["google"]?.["thoughtSignature"];
  return typeof signature === "string"
    ? { extra_content: { google: { thought_signature: signature } } }
    : {};
}

interface Said {
  text: string | null;
  reasoning: string;
  details: JsonObject[];
  calls: JsonObject[];
}

function gather(content: LanguageModelV4GenerateResult["content"]): Said {
  const said: Said = { text: null, reasoning: "", details: [], calls: [] };
  for (const part of content) {
    if (part.type === "text") said.text = (said.text ?? "") + part.text;
    else if (part.type === "reasoning") {
      said.reasoning += part.text;
      const detail = reasoningDetail(part.text, part.providerMetadata, said.details.length);
      if (detail !== null) said.details.push(detail);
    } else if (part.type === "tool-call" && part.providerExecuted !== true) {
      said.calls.push({
        id: part.toolCallId,
        type: "function",
        function: { name: part.toolName, arguments: part.input },
        ...extraContent(part.providerMetadata),
      });
    } else if (part.type !== "source" && part.type !== "custom") throw unsupportedPart(part.type);
  }
  return said;
}

/** @throws UnreadableAnswer */
export function renderChatAnswer(
  result: LanguageModelV4GenerateResult,
  context: AnswerContext,
): JsonObject {
  const { text, reasoning, details, calls } = gather(result.content);
  const usage = chatUsage(result.usage);
  const message: JsonObject = {
    role: "assistant",
    content: text,
    refusal: null,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const finish_reason = chatFinishReason(result.finishReason);
  return {
    id: `chatcmpl-${context.callId}`,
    object: "chat.completion",
    created: context.createdSeconds,
    model: context.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    ...(usage === null ? {} : { usage }),
  };
}
