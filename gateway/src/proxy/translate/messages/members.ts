/** Every member of a Messages request: what becomes of it at an OpenAI-compatible and at Gemini. */
import { carried, dropped, refused, type Fate, type MemberTable } from "../fate.ts";

export type MessagesTarget = "openai" | "gemini";
type Row = Readonly<Record<MessagesTarget, Fate>>;

const both = (fate: Fate): Row => ({ openai: fate, gemini: fate });
const same = both(carried("as it is"));
const cacheHint = both(dropped("It guides only Anthropic's cache."));
const atAnthropic = (what: string): Row => both(refused(`${what} Leave it out.`));
const empty = (what: string): Row => both(refused(`${what} Leave it out.`, []));

export const messagesMembers: MemberTable<MessagesTarget> = {
  model: both(carried("by the provider's name; the answer tells the name that was asked for")),
  messages: same,
  system: both(
    carried(
      "texts joined by blank lines; Claude Code's billing line, which changes with every call, is left out",
    ),
  ),
  stream: same,
  max_tokens: both(carried("as the limit of everything generated")),
  temperature: same,
  top_p: same,
  top_k: {
    openai: refused("OpenAI's dialect has no top_k; leave it out."),
    gemini: carried("as it is"),
  },
  stop_sequences: both(carried("as it is; the answer does not tell which one was met")),
  tools: both(carried("the caller's own; Anthropic's are refused")),
  tool_choice: same,
  thinking: both(
    carried(
      "a budget as effort: below 4,096 tokens low, below 16,384 medium, else high; adaptive and disabled as the provider's default. Thoughts are not shown",
    ),
  ),
  output_config: same,
  output_format: both(carried("as output_config.format")),
  metadata: same,
  cache_control: cacheHint,
  context_management: both(
    carried("clearing of thoughts, of which there are none; any other edit is refused"),
  ),
  service_tier: both(
    refused("the tiers differ by provider; leave it out.", "auto", "standard_only"),
  ),
  speed: both(refused("the provider has no such setting; leave it out.", "standard")),
  inference_geo: both(
    refused("the place of computation cannot be promised for this provider; use another model."),
  ),
  container: atAnthropic("Containers are kept at Anthropic."),
  mcp_servers: empty(
    "The connector runs at Anthropic; declare tools and call the servers yourself.",
  ),
  diagnostics: atAnthropic("Only Anthropic tells them."),
  user_profile_id: atAnthropic("Profiles are kept at Anthropic."),
  workspace_id: atAnthropic("Workspaces are Anthropic's."),
  thread: atAnthropic("Threads are kept at Anthropic."),
  compaction: atAnthropic("It runs at Anthropic."),
  safeguards: empty("They run at Anthropic."),
  fallbacks: empty("They run at Anthropic; Weir has fallbacks of its own."),
  fallback_credit_token: atAnthropic("It is Anthropic's."),
  billing_policy: atAnthropic("It is Anthropic's."),
};

export const outputConfig: MemberTable<MessagesTarget> = {
  effort: both(carried("as reasoning effort; at an OpenAI-compatible provider max as xhigh")),
  format: both(carried("as a response format with a JSON schema")),
  task_budget: atAnthropic("Only Anthropic knows budgets of tasks."),
};
export const metadata: MemberTable<MessagesTarget> = {
  user_id: {
    openai: carried(
      "as user; one of more than 64 characters is left out, as providers refuse it, and it serves abuse detection alone",
    ),
    gemini: dropped("It names the end user to the provider's abuse detection; Gemini takes none."),
  },
};
export const thinking: MemberTable<MessagesTarget> = {
  type: same,
  budget_tokens: same,
  display: both(dropped("Thoughts of another provider are never shown.")),
};

export const message: MemberTable<MessagesTarget> = {
  role: {
    openai: carried("system messages in place; an assistant message that comes last is refused"),
    gemini: carried("user and assistant; an assistant message that comes last is refused"),
  },
  content: same,
};

const citations = both(
  refused("the provider gives no citations; switch them off.", { enabled: false }),
);
export const textBlock: MemberTable<MessagesTarget> = {
  type: same,
  text: same,
  cache_control: cacheHint,
  citations: both(refused("the provider has no citations; send the text alone.", [])),
};
export const imageBlock: MemberTable<MessagesTarget> = {
  type: same,
  source: {
    openai: carried("base64 data and http(s) addresses; files kept at Anthropic are refused"),
    gemini: carried(
      "base64 data, and https addresses that end in an image's file extension; others are refused",
    ),
  },
  cache_control: cacheHint,
  transformations: both(refused("only Anthropic resizes images on demand; leave it out.")),
};
export const documentBlock: MemberTable<MessagesTarget> = {
  type: same,
  source: both(
    carried("base64 PDF and plain text; addresses and files kept at Anthropic are refused"),
  ),
  title: {
    openai: carried("as the PDF's file name; of a plain text refused"),
    gemini: refused("Gemini's files have no titles; write it into the text."),
  },
  context: both(refused("the provider's files have no context; write it into the text.")),
  citations,
  cache_control: cacheHint,
};
export const toolUseBlock: MemberTable<MessagesTarget> = {
  type: same,
  id: same,
  name: same,
  input: both(carried("as it is; numbers of more than 15 digits are refused")),
  cache_control: cacheHint,
  caller: both(refused("only the model itself can call tools there.", { type: "direct" })),
  toolset_name: both(refused("the provider has no toolsets; declare each tool.")),
};
export const toolResultBlock: MemberTable<MessagesTarget> = {
  type: same,
  tool_use_id: same,
  content: both(carried("texts; images and documents are refused")),
  is_error: {
    openai: carried("as 'Error: ' before the text"),
    gemini: carried("as the error of the function's response"),
  },
  cache_control: cacheHint,
  toolset_name: both(refused("the provider has no toolsets; declare each tool.")),
};

export const tool: MemberTable<MessagesTarget> = {
  type: both(carried("the caller's own tools ('custom')")),
  name: same,
  description: same,
  input_schema: same,
  strict: {
    openai: carried("as it is"),
    gemini: carried("true as validated calls, for all functions alike"),
  },
  cache_control: cacheHint,
  eager_input_streaming: both(dropped("It guides only how arguments are cut into pieces.")),
  defer_loading: both(
    refused("the provider cannot load tools later; declare only what is needed.", false),
  ),
  allowed_callers: both(refused("only the model itself can call tools there.", ["direct"])),
  input_examples: both(refused("the provider takes none; write them into the description.", [])),
};
export const toolChoice: MemberTable<MessagesTarget> = {
  type: same,
  name: same,
  disable_parallel_tool_use: {
    openai: carried("as parallel_tool_calls"),
    gemini: refused("Gemini cannot be held to one call at a time; leave it out.", false),
  },
};

/** Kinds of blocks that hold what another provider cannot read. */
export const refusedBlocks: Readonly<Record<string, string>> = {
  thinking:
    "thoughts carry a signature that only Anthropic can check; leave thinking blocks out, or start a new conversation.",
  redacted_thinking:
    "thoughts are encrypted for Anthropic; leave thinking blocks out, or start a new conversation.",
  search_result: "the provider has no search results; send their text.",
  server_tool_use: "the tool ran at Anthropic; send what it found as text.",
  web_search_tool_result: "the tool ran at Anthropic; send what it found as text.",
  web_fetch_tool_result: "the tool ran at Anthropic; send what it found as text.",
  code_execution_tool_result: "the tool ran at Anthropic; send what it found as text.",
  bash_code_execution_tool_result: "the tool ran at Anthropic; send what it found as text.",
  text_editor_code_execution_tool_result: "the tool ran at Anthropic; send what it found as text.",
  tool_search_tool_result: "the tool ran at Anthropic; declare the tools that are needed.",
  tool_reference: "the provider cannot load tools later; declare the tools that are needed.",
  advisor_tool_result: "the tool ran at Anthropic; send what it found as text.",
  mcp_tool_use: "the connector ran at Anthropic; send what it found as text.",
  mcp_tool_result: "the connector ran at Anthropic; send what it found as text.",
  container_upload: "containers are kept at Anthropic; send the file's content.",
  compaction: "only Anthropic can read its own summary; send the conversation.",
  fallback: "it marks a change of Anthropic's models; leave it out.",
  tool_addition: "the provider's tools are fixed for a call; list them all under 'tools'.",
  tool_removal: "the provider's tools are fixed for a call; list them all under 'tools'.",
  browser_state: "the provider has no browser tools.",
};

export const messagesTables: readonly (readonly [
  path: string,
  table: MemberTable<MessagesTarget>,
])[] = [
  ["", messagesMembers],
  ["output_config.", outputConfig],
  ["metadata.", metadata],
  ["thinking.", thinking],
  ["messages[].", message],
  ["content[text].", textBlock],
  ["content[image].", imageBlock],
  ["content[document].", documentBlock],
  ["content[tool_use].", toolUseBlock],
  ["content[tool_result].", toolResultBlock],
  ["tools[].", tool],
  ["tool_choice.", toolChoice],
];
