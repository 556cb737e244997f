import { completionOf } from "../completion.ts";
import { isJsonObject, positiveInteger } from "../json-value.ts";
import { chatErrorEvent } from "../openai-chat/error.ts";
import { modelOf, openaiWire } from "../openai/format.ts";
import { type Input, readInputs } from "../openai/inputs.ts";
import { digestOf, type SimulatorRequest } from "../request.ts";
import type { ReceivedBody } from "../wire.ts";
import { completionsJson, completionsStream } from "./render.ts";

/** The older text format: each prompt gets a choice of its own. */
export const completionsWire = openaiWire("openai-completions", (received) => {
  const prompts = readInputs(received.json["prompt"], "prompt");
  return completionOf(readCompletion(received, prompts), {
    json: (request, answer) => completionsJson(request, answer, prompts.length),
    stream: (request, answer) => completionsStream(request, answer, prompts.length),
    errorEvent: chatErrorEvent,
  });
});

function readCompletion(
  received: Pick<ReceivedBody, "json" | "sha256">,
  prompts: readonly Input[],
): SimulatorRequest {
  const body = received.json;
  const options: unknown = body["stream_options"];
  return {
    dialect: "openai-completions",
    digest: digestOf(received),
    ...modelOf(body),
    stream: body["stream"] === true,
    includeUsage: isJsonObject(options) && options["include_usage"] === true,
    words: prompts.reduce((sum, prompt) => sum + prompt.tokens, 0),
    messageCount: prompts.length,
    lastUserCharacters: prompts.at(-1)?.text.length ?? 0,
    toolResultCharacters: null,
    tools: [],
    toolChoice: null,
    maxTokens: positiveInteger(body["max_tokens"]),
  };
}
