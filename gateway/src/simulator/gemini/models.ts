import { exampleModels } from "../behaviour-words.ts";

/** The body of `GET /v1beta/models`. */
export function geminiModelList(): object {
  return { models: exampleModels.map((id) => geminiModel(id)) };
}

export function geminiModel(id: string): object {
  return {
    name: `models/${id}`,
    version: "001",
    displayName: `Simulator: ${id}`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: [
      "generateContent",
      "countTokens",
      "embedContent",
      "batchEmbedContents",
    ],
  };
}
