import { callFacts } from "../call-facts.ts";
import type { CallFacts, Dialect, JsonOperation } from "../dialect.ts";
import { countField, modelField, shortText, streamField } from "../fields.ts";
import type { JsonObject, JsonValue } from "../json-body.ts";
import { capSharedTokens } from "../openai/cap-tokens.ts";
import { choiceCount, tokensOfAll } from "../openai/choice-count.ts";
import {
  type ChoiceFormat,
  choicesStreamMeter,
  meterChoicesJson,
} from "../openai/choices-meter.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { usageEdits } from "../openai/usage-edits.ts";
import { completionSoftDenial } from "./soft-denial.ts";

/** OpenAI completions (legacy): https://platform.openai.com/docs/api-reference/completions */
export const openAiCompletions: Dialect = {
  name: "openai-completions",
  providerDialect: "openai",
  match: ({ method, path }) =>
    method === "POST" && path === "/v1/completions" ? completions : null,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

const format: ChoiceFormat = {
  deltaKey: 'text":"',
  usual: [{ before: /text":"/y, behind: /,"|\}\]/y }],
  readDelta: (facts, choice) => facts.output.append(choice["text"]),
  readChoice: () => undefined,
};

const completions: JsonOperation = simpleOperation({
  id: "completions",
  dialect: openAiCompletions,
  upstreamPath: () => "/completions",
  governedMembers: ["model", "stream", "stream_options", "prompt", "max_tokens", "n", "best_of"],
  describe,
  meteringEdits: usageEdits,
  capMaxTokens: (body, maxTokens) =>
    capSharedTokens(body, Math.floor(maxTokens / promptCount(body["prompt"])), ["max_tokens"]),
  streamMeter: (options) => choicesStreamMeter(format, options),
  meterJson: (body) => meterChoicesJson(format, body),
  softDenial: completionSoftDenial,
});

function describe(body: JsonObject): CallFacts {
  const prompts = promptCount(body["prompt"]);
  const perAnswer = countField(body, "max_tokens");
  return callFacts({
    model: modelField(body),
    stream: streamField(body),
    maxTokens: tokensOfAll(perAnswer, choiceCount(body) * prompts),
    messageCount: prompts,
    assertedUserId: shortText(body["user"]),
  });
}

/** A list of texts, or of lists of tokens, is one prompt an entry; a list of tokens is one prompt. */
function promptCount(prompt: JsonValue | undefined): number {
  if (!Array.isArray(prompt) || prompt.every((entry) => typeof entry === "number")) return 1;
  return Math.max(1, prompt.length);
}
