import type { TokenCounts } from "../../contracts/index.ts";
import type { JsonObject } from "../json-value.ts";
import { createdSeconds } from "../reply.ts";
import type { ResponsesRequest } from "./request.ts";
import { responsesUsage } from "./usage.ts";

export interface ResponseState {
  readonly status: "queued" | "in_progress" | "completed" | "incomplete" | "failed";
  readonly output: readonly JsonObject[];
  readonly tokens: TokenCounts | null;
  readonly failure?: string;
}

/** The response object, which repeats the request's settings. */
export function responseObject(request: ResponsesRequest, state: ResponseState): JsonObject {
  const { status, output, tokens } = state;
  const isIncomplete = status === "incomplete";
  const reportsUsage = request.behaviour.reportsUsage;
  return {
    id: request.id,
    object: "response",
    created_at: createdSeconds,
    status,
    background: request.background,
    completed_at: status === "completed" ? createdSeconds : null,
    error: status === "failed" ? { code: "server_error", message: state.failure ?? "" } : null,
    incomplete_details: isIncomplete ? { reason: "max_output_tokens" } : null,
    output,
    ...settings(request),
    ...(reportsUsage ? { usage: tokens === null ? null : responsesUsage(tokens) } : {}),
  };
}

const settingDefaults: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  temperature: 1,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null,
  metadata: {},
};

function settings({ body, model, store }: ResponsesRequest): JsonObject {
  const said = Object.entries(settingDefaults).map(([name, fallback]) => [
    name,
    body[name] ?? fallback,
  ]);
  return { model, service_tier: "default", store, ...Object.fromEntries(said) };
}
