import type { Dialect, ModelsOperation, RequestHead } from "../dialect.ts";
import { modelIdOf } from "../model-path.ts";
import { listedIds } from "../listed-ids.ts";

/** `GET /v1/models` and `/v1/models/{id}`: a client of this dialect tells itself by its version header. */
export function messageModels(dialect: Dialect, head: RequestHead): ModelsOperation | null {
  if (head.headers["anthropic-version"] === undefined) return null;
  const modelId = modelIdOf(head);
  if (modelId === undefined) return null;
  return {
    kind: "models",
    id: modelId === null ? "models" : "models.retrieve",
    dialect,
    metered: true,
    auxiliary: true,
    free: true,
    calledBy: "messages",
    modelId,
    upstreamPath: () => "/v1/models?limit=1000",
    readIds: (list) => listedIds(list, "data", "id"),
    renderModel: (id) => JSON.stringify(described(id)),
    renderList: (ids) =>
      JSON.stringify({
        data: ids.map(described),
        has_more: false,
        first_id: ids[0] ?? null,
        last_id: ids.at(-1) ?? null,
      }),
  };
}

function described(id: string): object {
  return { type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" };
}
