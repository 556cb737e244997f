import type { ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";
import {
  type ChoiceFormat,
  choicesStreamMeter,
  meterChoicesJson,
} from "../openai/choices-meter.ts";

/** Members of a delta that are generated text; compatible providers name their reasoning variously. */
const TEXTS = ["content", "reasoning_content", "reasoning", "refusal"] as const;

const chatFormat: ChoiceFormat = {
  deltaKey: 'delta":{',
  usual: [
    {
      before:
        /delta":\{(?:"role":"assistant",|"[a-z_]+":null,)*"(?:content|reasoning_content|reasoning|refusal)":"/y,
      behind: /(?:,"[a-z_]+":null)*\}(?:,"|\}\])/y,
    },
    {
      before: /delta":\{"tool_calls":\[\{"index":\d+,"function":\{"arguments":"/y,
      behind: /\}\}\]\}(?:,"|\}\])/y,
    },
  ],
  readDelta,
  readChoice(facts, choice) {
    const message = choice["message"];
    if (!isJsonObject(message)) return;
    facts.toolCallCount += objects(message["tool_calls"]).length;
    if (isJsonObject(message["function_call"])) facts.toolCallCount += 1;
  },
};

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function readDelta(facts: ResponseFacts, choice: JsonObject): void {
  const delta = choice["delta"];
  if (!isJsonObject(delta)) return;
  for (const name of TEXTS) facts.output.append(delta[name]);
  const { audio, function_call: call } = delta;
  if (isJsonObject(audio)) facts.output.append(audio["transcript"]);
  if (isJsonObject(call)) {
    if (typeof call["name"] === "string") facts.toolCallCount += 1;
    facts.output.append(call["arguments"]);
  }
  for (const piece of objects(delta["tool_calls"])) {
    // Only the first piece of a call carries its id; the others continue its arguments.
    if (piece["id"]) facts.toolCallCount += 1;
    const { function: called, custom } = piece;
    if (isJsonObject(called)) facts.output.append(called["arguments"]);
    if (isJsonObject(custom)) facts.output.append(custom["input"]);
  }
}

export function meterChatJson(body: unknown): ResponseFacts {
  return meterChoicesJson(chatFormat, body);
}

export function chatStreamMeter(options: { stripUsageFrame: boolean }): StreamMeter {
  return choicesStreamMeter(chatFormat, options);
}
