import type { Dialect, ModelsOperation } from "../dialect.ts";
import { listedIds } from "../listed-ids.ts";
import { modelIdOf } from "../model-path.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";

/** OpenAI's model list, which is also what a client gets that does not tell its dialect. */
export const openAiModels: Dialect = {
  name: "openai-models",
  providerDialect: "openai",
  match: (head) => {
    const modelId = modelIdOf(head);
    return modelId === undefined ? null : models(modelId);
  },
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

function models(modelId: string | null): ModelsOperation {
  return {
    kind: "models",
    id: modelId === null ? "models" : "models.retrieve",
    dialect: openAiModels,
    metered: true,
    auxiliary: true,
    free: true,
    calledBy: "chat.completions",
    modelId,
    upstreamPath: () => "/models",
    readIds: (list) => listedIds(list, "data", "id"),
    renderModel: (id) => JSON.stringify(described(id)),
    renderList: (ids) => JSON.stringify({ object: "list", data: ids.map(described) }),
  };
}

function described(id: string): object {
  return { id, object: "model", created: 0, owned_by: "weir" };
}
