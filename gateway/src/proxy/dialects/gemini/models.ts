import type { Dialect, ModelsOperation, RequestHead } from "../dialect.ts";
import { listedIds } from "../listed-ids.ts";
import { geminiPath, modelName, resourceName } from "./path.ts";

/** `GET /v1beta/models` and `/v1beta/models/{m}`; under `/v1` only for those who say they are Google's clients. */
export function geminiModels(dialect: Dialect, head: RequestHead): ModelsOperation | null {
  if (head.method !== "GET") return null;
  const path = geminiPath(head.path);
  if (path === null || path.verb !== null) return null;
  if (path.version === "v1" && !isGoogleClient(head)) return null;
  const { model, version } = path;
  return {
    kind: "models",
    id: model === null ? "models" : "models.retrieve",
    dialect,
    metered: true,
    auxiliary: true,
    free: true,
    modelId: model,
    upstreamPath: () => `/${version}/models?pageSize=1000`,
    readIds: (list) => listedIds(list, "models", "name").map(modelName),
    renderModel: (id) => JSON.stringify(described(id)),
    renderList: (ids) => JSON.stringify({ models: ids.map(described) }),
  };
}

/** OpenAI's and Google's lists share `/v1/models`; Google's clients send one of these. */
function isGoogleClient({ headers, query }: RequestHead): boolean {
  return (
    headers["x-goog-api-key"] !== undefined ||
    headers["x-goog-api-client"] !== undefined ||
    new URLSearchParams(query).has("key")
  );
}

function described(id: string): object {
  return {
    name: resourceName(id),
    displayName: id,
    supportedGenerationMethods: ["generateContent", "countTokens"],
  };
}
