import { Refusal } from "../../refusal.ts";
import { callFacts } from "../call-facts.ts";
import type { CallFacts } from "../dialect.ts";
import { boundedToolNames, countField, shortText } from "../fields.ts";
import type { JsonObject } from "../json-body.ts";
import { invalid, memberOf, objectIn, objectsIn, spellingOf } from "./members.ts";
import { modelName } from "./path.ts";
import { geminiToolNames } from "./tools.ts";

/**
 * Facts of a `generateContent` body; the model stands in the path.
 * @throws Refusal WEIR_FIELD_INVALID, WEIR_BODY_AMBIGUOUS
 */
export function describeGenerate(body: JsonObject, model: string, stream: boolean): CallFacts {
  sameModel(body, model);
  const contents = objectsIn(body, "contents");
  const cached = shortText(memberOf(body, "cachedContent") ?? undefined);
  return callFacts({
    model,
    stream,
    toolNames: geminiToolNames(body),
    maxTokens: maxTokensOf(body),
    messageCount: contents.length,
    toolResultCount: contents.reduce((sum, content) => sum + functionResponses(content), 0),
    stateIds: cached === "" ? [] : [cached],
  });
}

/** `countTokens` takes contents, or a whole request as it would be sent. */
export function describeCount(body: JsonObject, model: string): CallFacts {
  const outer = describeGenerate(body, model, false);
  const request = objectIn(body, "generateContentRequest");
  if (request === null) return outer;
  const inner = describeGenerate(request, model, false);
  return {
    ...inner,
    toolNames: boundedToolNames([...outer.toolNames, ...inner.toolNames]),
    messageCount: outer.messageCount + inner.messageCount,
    toolResultCount: outer.toolResultCount + inner.toolResultCount,
  };
}

export function describeEmbed(body: JsonObject, model: string): CallFacts {
  sameModel(body, model);
  return callFacts({ model, messageCount: objectIn(body, "content") === null ? 0 : 1 });
}

export function describeBatchEmbed(body: JsonObject, model: string): CallFacts {
  const requests = objectsIn(body, "requests");
  for (const request of requests) sameModel(request, model);
  return callFacts({ model, messageCount: requests.length });
}

/** Which spelling the generation's settings have, and what they are. */
export function generationConfigOf(body: JsonObject): { member: string; config: JsonObject } {
  const member = spellingOf(body, "generationConfig") ?? "generationConfig";
  return { member, config: objectIn(body, "generationConfig") ?? {} };
}

function maxTokensOf(body: JsonObject): number | null {
  const { config } = generationConfigOf(body);
  const member = spellingOf(config, "maxOutputTokens");
  return member === null ? null : countField(config, member);
}

/** A body may repeat the path's model; another one there might be the one that is obeyed. */
function sameModel(request: JsonObject, model: string): void {
  const named = request["model"] ?? null;
  if (named === null) return;
  if (typeof named !== "string") throw invalid("model", "the name of a model");
  if (modelName(named) === model) return;
  throw new Refusal("WEIR_BODY_AMBIGUOUS", {
    message: "The body's 'model' is another one than the path's; leave it out of the body.",
  });
}

function functionResponses(content: JsonObject): number {
  return objectsIn(content, "parts").filter((part) => spellingOf(part, "functionResponse") !== null)
    .length;
}
