/** `gen_ai.operation.name` by Weir's operation id. */
const wellKnown: ReadonlyMap<string, string> = new Map([
  ["chat.completions", "chat"],
  ["responses", "chat"],
  ["messages", "chat"],
  ["completions", "text_completion"],
  ["embeddings", "embeddings"],
  ["gemini.generateContent", "generate_content"],
  ["gemini.streamGenerateContent", "generate_content"],
  ["gemini.embedContent", "embeddings"],
  ["gemini.batchEmbedContents", "embeddings"],
]);

/** The well-known value where one applies, otherwise Weir's own id, as the conventions allow. */
export function operationName(operation: string): string {
  return wellKnown.get(operation) ?? operation;
}
