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
import {
  inputItems,
  isMessage,
  isToolResult,
  promptNames,
  stateIdsOf,
  toolNamesIn,
} from "./input-items.ts";
import { toolNamesOf } from "./tools.ts";

/**
 * Tools are found wherever a request may carry them: under `tools`, nested in namespaces, in items
 * of the input, behind a stored prompt (`prompt:<id>`).
 * @throws Refusal WEIR_FIELD_INVALID
 */
export function describeResponse(body: JsonObject): CallFacts {
  const items = inputItems(body);
  return callFacts({
    model: modelField(body),
    stream: streamField(body),
    toolNames: boundedToolNames([
      ...objectsField(body, "tools").flatMap(toolNamesOf),
      ...toolNamesIn(items),
      ...promptNames(body),
    ]),
    maxTokens: countField(body, "max_output_tokens"),
    messageCount: items.filter(isMessage).length,
    toolResultCount: items.filter(isToolResult).length,
    stateIds: stateIdsOf(body, items),
    assertedUserId: shortText(body["safety_identifier"] ?? body["user"]),
    auxiliary: isPrewarming(body),
  });
}

/** Only readies the provider's cache: nothing is generated. */
function isPrewarming({ generate, prompt_cache_options: options }: JsonObject): boolean {
  return generate === false || (isJsonObject(options) && options["prewarm"] === true);
}
