/** Every member of a chat completions request: what becomes of it at Anthropic and at Gemini. */
import { carried, dropped, refused, type Fate, type MemberTable } from "../fate.ts";

export type ChatTarget = "anthropic" | "gemini";
type Row = Readonly<Record<ChatTarget, Fate>>;

const both = (fate: Fate): Row => ({ anthropic: fate, gemini: fate });
const same = both(carried("as it is"));
const cacheHint = both(dropped("It guides only the cache of the provider that documents it."));
const useTools = both(refused("use 'tools' and 'tool_choice'."));

export const chatMembers: MemberTable<ChatTarget> = {
  model: both(carried("by the provider's name; the answer tells the name that was asked for")),
  messages: same,
  stream: same,
  stream_options: same,
  max_completion_tokens: both(carried("as the limit of everything generated, reasoning included")),
  max_tokens: both(carried("as the limit of everything generated, reasoning included")),
  temperature: {
    anthropic: carried("as it is; above 1, or for a model that takes none: refused"),
    gemini: carried("as it is"),
  },
  top_p: {
    anthropic: carried("as it is; beside a temperature, or for a model that takes none: refused"),
    gemini: carried("as it is"),
  },
  stop: both(carried("as stop sequences; the answer does not tell which one was met")),
  seed: { anthropic: refused("Anthropic has no seed; leave it out."), gemini: carried("as it is") },
  frequency_penalty: {
    anthropic: refused("Anthropic has no penalties; leave it out.", 0),
    gemini: carried("as it is; for a model that takes none: refused"),
  },
  presence_penalty: {
    anthropic: refused("Anthropic has no penalties; leave it out.", 0),
    gemini: carried("as it is; for a model that takes none: refused"),
  },
  reasoning_effort: both(carried("as the nearest effort or thinking budget of the model")),
  response_format: {
    anthropic: carried("with a JSON schema; 'json_object' is refused, as it needs a schema"),
    gemini: carried("as the response's media type and JSON schema"),
  },
  tools: both(carried("functions; custom tools are refused")),
  tool_choice: both(
    carried("'auto', 'none', 'required' or one function; 'allowed_tools' is refused"),
  ),
  parallel_tool_calls: {
    anthropic: carried("as disable_parallel_tool_use"),
    gemini: refused("Gemini cannot be held to one call at a time; leave it out.", true),
  },
  user: {
    anthropic: carried("as metadata.user_id, unless there is a safety_identifier"),
    gemini: dropped("It names the end user to the provider's abuse detection; Gemini takes none."),
  },
  safety_identifier: {
    anthropic: carried("as metadata.user_id"),
    gemini: dropped("It names the end user to the provider's abuse detection; Gemini takes none."),
  },
  metadata: both(dropped("It labels stored completions, and none is stored.")),
  prompt_cache_key: cacheHint,
  prompt_cache_options: cacheHint,
  prompt_cache_retention: cacheHint,
  n: both(refused("the provider gives one choice a call; send the request n times.", 1)),
  logprobs: both(refused("the provider tells no log probabilities; leave it out.", false)),
  top_logprobs: both(refused("the provider tells no log probabilities; leave it out.", 0)),
  logit_bias: both(refused("the provider takes no token biases; leave it out.", {})),
  modalities: both(refused("only text can be answered; ask for no other modality.", ["text"])),
  audio: both(refused("only text can be answered; leave it out.")),
  prediction: both(refused("the provider takes no predicted output; leave it out.")),
  store: both(refused("the provider stores no completions; leave it out.", false)),
  service_tier: both(refused("the tiers differ by provider; leave it out.", "auto", "default")),
  verbosity: both(refused("the provider has no such setting; say it in the prompt.", "medium")),
  web_search_options: both(refused("the search runs at OpenAI; declare a tool of your own.")),
  moderation: both(refused("the moderation runs at OpenAI; leave it out.")),
  functions: useTools,
  function_call: useTools,
};

export const chatStreamOptions: MemberTable<ChatTarget> = {
  include_usage: both(carried("the usage chunk is shown if asked for")),
  include_obfuscation: both(refused("chunks cannot be padded; leave it out.", false)),
};

const name = both(refused("the provider has no names of speakers; write the name into the text."));
const cacheControl: Row = {
  anthropic: carried("as the cache breakpoint that it is"),
  gemini: dropped("It guides only Anthropic's cache."),
};

export const systemMessage: MemberTable<ChatTarget> = {
  role: {
    anthropic: carried(
      "at the start as the system prompt; later on in place, if a system prompt stands at the start, otherwise refused",
    ),
    gemini: carried("at the start as the system instruction; later on refused"),
  },
  content: same,
  name,
  cache_control: cacheControl,
};
export const userMessage: MemberTable<ChatTarget> = {
  role: same,
  content: same,
  name,
  cache_control: cacheControl,
};
export const toolMessage: MemberTable<ChatTarget> = {
  role: same,
  content: both(carried("its texts")),
  tool_call_id: same,
  cache_control: cacheControl,
  name: both(dropped("The call that is answered names the tool.")),
};
export const assistantMessage: MemberTable<ChatTarget> = {
  role: {
    anthropic: carried("as it is; as the last message refused, as Anthropic would continue it"),
    gemini: carried("as it is; as the last message refused, as Gemini would continue it"),
  },
  content: same,
  refusal: both(carried("as text")),
  tool_calls: same,
  cache_control: cacheControl,
  name,
  annotations: both(dropped("They point into the text of an earlier answer, which is carried.")),
  reasoning_content: both(dropped("Thoughts are of use to the model only with its signature.")),
  reasoning_details: {
    anthropic: carried("signed thoughts, as this gateway gave them"),
    gemini: dropped("Anthropic's signatures are of no use to Gemini."),
  },
  audio: both(refused("an earlier spoken answer is kept at OpenAI; send its transcript as text.")),
  function_call: useTools,
};

export const textPart: MemberTable<ChatTarget> = {
  type: same,
  text: same,
  cache_control: cacheControl,
  prompt_cache_breakpoint: cacheHint,
};
export const imagePart: MemberTable<ChatTarget> = {
  type: same,
  image_url: {
    anthropic: carried("base64 data and http(s) addresses"),
    gemini: carried("base64 data, and https addresses that end in an image's file extension"),
  },
  cache_control: cacheControl,
  prompt_cache_breakpoint: cacheHint,
};
export const imageUrl: MemberTable<ChatTarget> = {
  url: same,
  detail: both(
    refused("the provider always sees the whole image; leave it out.", "auto", "high", "original"),
  ),
};
export const audioPart: MemberTable<ChatTarget> = {
  type: same,
  input_audio: {
    anthropic: refused("Anthropic takes no audio; send a transcript."),
    gemini: carried("wav and mp3"),
  },
  cache_control: cacheControl,
  prompt_cache_breakpoint: cacheHint,
};
export const inputAudio: MemberTable<ChatTarget> = { data: same, format: same };
export const filePart: MemberTable<ChatTarget> = {
  type: same,
  file: same,
  cache_control: cacheControl,
  prompt_cache_breakpoint: cacheHint,
};
export const file: MemberTable<ChatTarget> = {
  file_data: {
    anthropic: carried("PDF and plain text"),
    gemini: carried("any media type"),
  },
  filename: {
    anthropic: carried("as the document's title"),
    gemini: dropped("Gemini's files have no names."),
  },
  file_id: both(refused("the file is kept at OpenAI; send its content as file_data.")),
};
export const refusalPart: MemberTable<ChatTarget> = {
  type: same,
  refusal: both(carried("as text")),
};

export const tool: MemberTable<ChatTarget> = {
  type: same,
  function: same,
  cache_control: cacheControl,
};
export const toolFunction: MemberTable<ChatTarget> = {
  name: same,
  description: same,
  parameters: both(carried("as it is; none = an object without members")),
  strict: {
    anthropic: carried("as it is; for a model without strict tools: refused"),
    gemini: carried("true as validated calls, for all functions alike"),
  },
};
export const toolCall: MemberTable<ChatTarget> = {
  id: same,
  index: both(dropped("The list has its order.")),
  type: same,
  function: same,
  extra_content: {
    anthropic: dropped("Google's signatures are of no use to Anthropic."),
    gemini: carried("Google's thought signature, as this gateway gave it"),
  },
};
export const toolCallFunction: MemberTable<ChatTarget> = {
  name: same,
  arguments: both(
    carried("a JSON object; other text, and numbers of more than 15 digits: refused"),
  ),
};

/** Every table with the path at which it holds, for the documentation. */
export const chatTables: readonly (readonly [path: string, table: MemberTable<ChatTarget>])[] = [
  ["", chatMembers],
  ["stream_options.", chatStreamOptions],
  ["messages[system, developer].", systemMessage],
  ["messages[user].", userMessage],
  ["messages[assistant].", assistantMessage],
  ["messages[tool].", toolMessage],
  ["content[text].", textPart],
  ["content[image_url].", imagePart],
  ["content[image_url].image_url.", imageUrl],
  ["content[input_audio].", audioPart],
  ["content[input_audio].input_audio.", inputAudio],
  ["content[file].", filePart],
  ["content[file].file.", file],
  ["content[refusal].", refusalPart],
  ["tools[].", tool],
  ["tools[].function.", toolFunction],
  ["tool_calls[].", toolCall],
  ["tool_calls[].function.", toolCallFunction],
];
