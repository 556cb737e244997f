import { exampleModels } from "./behaviour-words.ts";
import { createdSeconds } from "./reply.ts";
import type { Dialect } from "./request.ts";

/** The body of `GET /v1/models`. */
export function modelList(dialect: Dialect): string {
  return JSON.stringify(dialect === "anthropic" ? anthropicList() : openaiList());
}

function openaiList(): object {
  const data = exampleModels.map((id) => ({
    id,
    object: "model",
    created: createdSeconds,
    owned_by: "simulator",
  }));
  return { object: "list", data };
}

function anthropicList(): object {
  const data = exampleModels.map((id) => ({
    type: "model",
    id,
    display_name: `Simulator: ${id}`,
    created_at: "2023-11-14T22:13:20Z",
  }));
  return {
    data,
    has_more: false,
    first_id: exampleModels[0] ?? null,
    last_id: exampleModels.at(-1) ?? null,
  };
}
