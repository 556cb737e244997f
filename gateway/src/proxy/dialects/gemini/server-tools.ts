import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";

/**
 * Calls of tools that ran at Google, as a candidate's metadata tells them. Each search that is not
 * empty is billed: https://ai.google.dev/gemini-api/docs/google-search
 */
export function hostedCalls(candidate: JsonObject): Record<string, number> {
  const grounding = candidate["groundingMetadata"];
  const context = candidate["urlContextMetadata"];
  const calls = {
    google_search: isJsonObject(grounding) ? queries(grounding["webSearchQueries"]) : 0,
    image_search: isJsonObject(grounding) ? queries(grounding["imageSearchQueries"]) : 0,
    url_context: isJsonObject(context) ? lengthOf(context["urlMetadata"]) : 0,
  };
  return Object.fromEntries(Object.entries(calls).filter(([, times]) => times > 0));
}

function queries(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.filter((query) => query !== "").length : 0;
}

function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}
