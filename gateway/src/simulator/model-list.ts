import { exampleModels } from "./behaviour-words.ts";
import { behaviourOf, defaultBehaviour } from "./behaviour.ts";
import { geminiModel, geminiModelList } from "./gemini/models.ts";
import { createdSeconds } from "./reply.ts";
import type { Dialect } from "./request.ts";

/** The body of `GET /v1/models`. */
export function modelList(dialect: Dialect): string {
  if (dialect === "gemini") return JSON.stringify(geminiModelList());
  return JSON.stringify(dialect === "anthropic" ? anthropicList() : openaiList());
}

/** The body of `GET /v1/models/{id}`; null for a name that asks for nothing. */
export function modelObject(dialect: Dialect, id: string): string | null {
  const isKnown = exampleModels.includes(id) || behaviourOf(id) !== defaultBehaviour;
  if (!isKnown) return null;
  if (dialect === "gemini") return JSON.stringify(geminiModel(id));
  return JSON.stringify(dialect === "anthropic" ? anthropicModel(id) : openaiModel(id));
}

function openaiList(): object {
  return { object: "list", data: exampleModels.map((id) => openaiModel(id)) };
}

function openaiModel(id: string): object {
  return { id, object: "model", created: createdSeconds, owned_by: "simulator" };
}

function anthropicList(): object {
  return {
    data: exampleModels.map((id) => anthropicModel(id)),
    has_more: false,
    first_id: exampleModels[0] ?? null,
    last_id: exampleModels.at(-1) ?? null,
  };
}

function anthropicModel(id: string): object {
  return {
    type: "model",
    id,
    display_name: `Simulator: ${id}`,
    created_at: "2023-11-14T22:13:20Z",
  };
}
