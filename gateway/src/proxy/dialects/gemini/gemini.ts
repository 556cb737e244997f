import type { Dialect, JsonOperation, Operation, RequestHead } from "../dialect.ts";
import { asksForEvents } from "./asked-form.ts";
import { renderGeminiArrayError, renderGeminiRefusal, renderGeminiStreamError } from "./error.ts";
import { geminiModels } from "./models.ts";
import { geminiOperation } from "./operations.ts";
import { geminiPath } from "./path.ts";

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const gemini: Dialect = {
  name: "gemini",
  providerDialect: "gemini",
  match,
  renderRefusal: renderGeminiRefusal,
  renderStreamError: renderGeminiStreamError,
};

/** For streams that are one array: such a stream does not end in an event. */
const inArrays: Dialect = { ...gemini, renderStreamError: renderGeminiArrayError };

function match(head: RequestHead): Operation | null {
  const path = head.method === "POST" ? geminiPath(head.path) : null;
  if (path === null || path.model === null || path.verb === null) return geminiModels(gemini, head);
  const { version, model, verb } = path;
  const isArray = verb === "streamGenerateContent" && !asksForEvents(head);
  return geminiOperation(isArray ? inArrays : gemini, { version, model, verb }, head);
}

/** A generation whose model stands elsewhere, for calls that are carried over from another dialect. */
export function geminiGeneration(stream: boolean): JsonOperation {
  const verb = stream ? "streamGenerateContent" : "generateContent";
  const head = { method: "POST", path: "", query: "?alt=sse", headers: {} };
  return geminiOperation(gemini, { version: "v1beta", model: "", verb }, head);
}
