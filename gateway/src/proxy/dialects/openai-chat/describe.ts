import { callFacts } from "../call-facts.ts";
import type { CallFacts } from "../dialect.ts";
import {
  boundedToolNames,
  countField,
  modelField,
  objectsField,
  shortText,
  streamField,
} from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { choiceCount, tokensOfAll } from "../openai/choice-count.ts";
import { chatToolNames, functionName, WEB_SEARCH } from "./tool-names.ts";

/**
 * `maxTokens` is what may be paid for: the cap on one answer times the answers asked for.
 * @throws Refusal WEIR_FIELD_INVALID
 */
export function describeChat(body: JsonObject): CallFacts {
  const messages = objectsField(body, "messages");
  const toolNames = [
    ...objectsField(body, "tools").flatMap(chatToolNames),
    ...objectsField(body, "functions").map(functionName),
  ];
  if (isJsonObject(body["web_search_options"])) toolNames.push(WEB_SEARCH);
  const limits = [countField(body, "max_completion_tokens"), countField(body, "max_tokens")];
  const given = limits.filter((limit) => limit !== null);
  const perAnswer = given.length === 0 ? null : Math.max(...given);
  const answers = choiceCount(body);
  return callFacts({
    model: modelField(body),
    stream: streamField(body),
    toolNames: boundedToolNames(toolNames),
    maxTokens: tokensOfAll(perAnswer, answers),
    ...(answers > 1 && { answers }),
    messageCount: messages.length,
    assertedUserId: shortText(body["safety_identifier"] ?? body["user"]),
    toolResultCount: messages.filter(({ role }) => role === "tool" || role === "function").length,
  });
}
