import type {
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4TextPart,
} from "@ai-sdk/provider";
import { isJsonObject, type JsonObject } from "../../dialects/json-body.ts";
import { compact } from "../compact.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import { invalidMember, objectList, optionalString, requiredString } from "../read-member.ts";
import { systemMessage, toolMessage, userMessage, type ChatTarget } from "./members.ts";
import { parseAssistant } from "./parse-assistant.ts";
import { cacheMarker, parseContent, parseTexts } from "./parse-content.ts";

/** Names of the tools by the ids of their calls, as the conversation so far tells them. */
export type CallNames = Map<string, string>;

function system(
  message: JsonObject,
  before: LanguageModelV4Prompt,
  target: ChatTarget,
  where: string,
): LanguageModelV4Message[] {
  checkMembers(message, systemMessage, target, where);
  const begun = before.some(({ role }) => role !== "system");
  // Anthropic would take a first one that comes late for the system prompt, and so move it.
  if (begun && (target === "gemini" || before[0]?.role !== "system")) {
    throw notTranslatable(
      `${where}role`,
      "instructions stand at the start there; put it first, or send it as a user message.",
    );
  }
  const marker = cacheMarker(message, target, where);
  return parseTexts(message["content"], target, `${where}content`).map((part) => {
    const providerOptions = part.providerOptions ?? marker.providerOptions;
    return compact<LanguageModelV4Message>({ role: "system", content: part.text, providerOptions });
  });
}

function resultOutput(
  texts: LanguageModelV4TextPart[],
  target: ChatTarget,
): LanguageModelV4ToolResultOutput {
  const [only, second] = texts;
  // Gemini's answer to a call is one text.
  if (second === undefined || target === "gemini") {
    const value = texts.map(({ text }) => text).join("\n");
    return {
      type: "text",
      value,
      ...(only?.providerOptions && { providerOptions: only.providerOptions }),
    };
  }
  return { type: "content", value: texts };
}

function toolResult(
  message: JsonObject,
  names: CallNames,
  target: ChatTarget,
  where: string,
): LanguageModelV4Message {
  checkMembers(message, toolMessage, target, where);
  const toolCallId = requiredString(message, "tool_call_id", where);
  const toolName = names.get(toolCallId);
  if (toolName === undefined) {
    throw invalidMember(`${where}tool_call_id`, "the id of a tool call of an earlier message");
  }
  const texts = parseTexts(message["content"], target, `${where}content`);
  return {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId,
        toolName,
        output: resultOutput(texts, target),
        ...cacheMarker(message, target, where),
      },
    ],
  };
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseMessages(body: JsonObject, target: ChatTarget): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = [];
  const names: CallNames = new Map();
  const messages = objectList(body["messages"], "messages");
  for (const [at, message] of messages.entries()) {
    const where = `messages[${at}].`;
    switch (optionalString(message, "role", where)) {
      case "system":
      case "developer":
        prompt.push(...system(message, prompt, target, where));
        break;
      case "user":
        checkMembers(message, userMessage, target, where);
        prompt.push({
          role: "user",
          content: parseContent(message["content"], target, `${where}content`),
          ...cacheMarker(message, target, where),
        });
        break;
      case "assistant":
        prompt.push(parseAssistant(message, names, target, where));
        break;
      case "tool":
        prompt.push(toolResult(message, names, target, where));
        break;
      default:
        throw notTranslatable(`${where}role`, "use system, developer, user, assistant or tool.");
    }
  }
  if (isJsonObject(messages.at(-1)) && messages.at(-1)?.["role"] === "assistant") {
    throw notTranslatable(
      `messages[${messages.length - 1}]`,
      "the provider would continue an assistant message that comes last; end with a user message.",
    );
  }
  return prompt;
}
