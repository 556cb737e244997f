import type { JsonObject } from "../../dialects/json-body.ts";
import { png, type Sampled } from "./samples.ts";

const cache = { type: "ephemeral" };
const base = { model: "alias-1", max_tokens: 500 };
const ask = { role: "user", content: "hi" };
const user = (block: JsonObject): JsonObject => ({
  ...base,
  messages: [{ role: "user", content: [block] }],
});
const schema = { type: "object", properties: {} };
const conversation = (use: JsonObject, result: JsonObject): JsonObject => ({
  ...base,
  messages: [
    ask,
    {
      role: "assistant",
      content: [{ type: "tool_use", id: "t_1", name: "weather", input: { city: "Rome" }, ...use }],
    },
    {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "t_1", content: "22", ...result }],
    },
  ],
});
const tools = [{ name: "weather", input_schema: schema }];

export const messagesValues = {
  model: "alias-2",
  messages: [{ role: "user", content: "another" }],
  system: "rules",
  stream: true,
  max_tokens: 501,
  temperature: 0.5,
  top_p: 0.5,
  top_k: 5,
  stop_sequences: ["a"],
  tools,
  tool_choice: { type: "any" },
  thinking: { type: "enabled", budget_tokens: 2000 },
  output_config: { effort: "high" },
  output_format: { type: "json_schema", schema },
  metadata: { user_id: "u-1" },
  cache_control: cache,
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  service_tier: "priority",
  speed: "fast",
  inference_geo: "eu",
  container: "c-1",
  mcp_servers: [{ type: "url", url: "https://mcp.example", name: "m" }],
  diagnostics: {},
  user_profile_id: "p",
  workspace_id: "w",
  thread: { type: "create" },
  compaction: { type: "compact" },
  safeguards: [{ type: "x" }],
  fallbacks: [{ model: "m" }],
  fallback_credit_token: "t",
  billing_policy: {},
};

export const messagesSamples: readonly Sampled[] = [
  {
    path: "",
    request: (members) => ({ ...base, messages: [ask], ...members }),
    values: messagesValues,
  },
  {
    path: "output_config.",
    request: (members) => ({ ...base, messages: [ask], output_config: members }),
    values: {
      effort: "high",
      format: { type: "json_schema", schema },
      task_budget: { type: "tokens", total: 1 },
    },
  },
  {
    path: "metadata.",
    request: (members) => ({ ...base, messages: [ask], metadata: members }),
    values: { user_id: "u-1" },
  },
  {
    path: "thinking.",
    request: (members) => ({
      ...base,
      messages: [ask],
      thinking: { type: "enabled", budget_tokens: 9000, ...members },
    }),
    values: { type: "adaptive", budget_tokens: 2000, display: "summarized" },
  },
  {
    path: "messages[].",
    request: (members) => ({ ...base, messages: [{ ...ask, ...members }] }),
    values: { role: "user", content: "x" },
  },
  {
    path: "content[text].",
    request: (members) => user({ type: "text", text: "hi", ...members }),
    values: { type: "text", text: "x", cache_control: cache, citations: [{ type: "x" }] },
  },
  {
    path: "content[image].",
    request: (members) =>
      user({
        type: "image",
        source: { type: "base64", media_type: "image/png", data: png },
        ...members,
      }),
    values: {
      type: "image",
      source: { type: "url", url: "https://images.example/a.png" },
      cache_control: cache,
      transformations: { oversized_image: "error" },
    },
  },
  {
    path: "content[document].",
    request: (members) =>
      user({
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: png },
        ...members,
      }),
    values: {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "plain" },
      title: "t",
      context: "c",
      citations: { enabled: true },
      cache_control: cache,
    },
  },
  {
    path: "content[tool_use].",
    request: (members) => conversation(members, {}),
    values: {
      type: "tool_use",
      id: "t_1",
      name: "other",
      input: { city: "Oslo" },
      cache_control: cache,
      caller: { type: "code_execution_20250825", tool_id: "x" },
      toolset_name: "computer",
    },
  },
  {
    path: "content[tool_result].",
    request: (members) => conversation({}, members),
    values: {
      type: "tool_result",
      tool_use_id: "t_1",
      content: [{ type: "text", text: "23" }],
      is_error: true,
      cache_control: cache,
      toolset_name: "computer",
    },
  },
  {
    path: "tools[].",
    request: (members) => ({ ...base, messages: [ask], tools: [{ ...tools[0], ...members }] }),
    values: {
      type: "custom",
      name: "other",
      description: "d",
      input_schema: { type: "object" },
      strict: true,
      cache_control: cache,
      eager_input_streaming: true,
      defer_loading: true,
      allowed_callers: ["code_execution_20250825"],
      input_examples: [{}],
    },
  },
  {
    path: "tool_choice.",
    request: (members) => ({
      ...base,
      messages: [ask],
      tools,
      tool_choice: { type: "any", ...members },
    }),
    values: { type: "auto", name: "weather", disable_parallel_tool_use: true },
  },
];
