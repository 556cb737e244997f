/** Streams of Responses in the shapes that providers are documented to send. */
import { encryptedStateId } from "../state-ids.ts";
import { multiLineFrame, sseFrame, withLineEnds } from "../../testing/sse-bytes.ts";

export interface Recorded {
  readonly bytes: Buffer;
  readonly output: string;
  readonly finishReasons: readonly string[];
  readonly totalTokens: number | null;
  readonly toolCallCount?: number;
  readonly serverToolCalls?: Readonly<Record<string, number>>;
  readonly stateIds?: readonly string[];
  readonly errorInStream?: boolean;
  readonly ended?: boolean;
}

interface Event {
  type: string;
  [member: string]: unknown;
}

const usage = {
  input_tokens: 16_909,
  input_tokens_details: { cached_tokens: 15_744 },
  output_tokens: 54,
  output_tokens_details: { reasoning_tokens: 20 },
  total_tokens: 16_963,
};

const message = {
  id: "msg_1",
  type: "message",
  status: "completed",
  role: "assistant",
  content: [{ type: "output_text", text: "Hi 日本", annotations: [] }],
};
const reasoning = { id: "rs_1", type: "reasoning", summary: [], status: "completed" };
const call = {
  id: "fc_1",
  type: "function_call",
  status: "completed",
  call_id: "call_1",
  namespace: "mcp__gw",
  name: "echo",
  arguments: '{"x":1}',
};

function response(status: string, more: object = {}): object {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_763_000_000,
    status,
    model: "m-2",
    output: [],
    tools: [{ type: "function", name: "echo", parameters: {} }],
    usage: null,
    metadata: {},
    ...more,
  };
}

const created = { type: "response.created", response: response("in_progress") };
const inProgress = { type: "response.in_progress", response: response("in_progress") };
const completed = (output: object[], more: object = {}) => ({
  type: "response.completed",
  response: response("completed", { output, usage, ...more }),
});
const item = (type: "added" | "done", value: object, index = 0) => ({
  type: `response.output_item.${type}`,
  output_index: index,
  item: value,
});

/** The order that clients insist on. */
const textEvents = [
  created,
  inProgress,
  item("added", { ...message, status: "in_progress", content: [] }),
  { type: "response.content_part.added", part: { type: "output_text", text: "" } },
  { type: "response.output_text.delta", item_id: "msg_1", delta: "Hi ", obfuscation: "aB3dE" },
  { type: "response.output_text.delta", item_id: "msg_1", delta: "日本" },
  { type: "response.output_text.done", item_id: "msg_1", text: "Hi 日本" },
  { type: "response.content_part.done", part: message.content[0] },
  item("done", message),
  completed([message]),
];

function numbered(events: readonly Event[]): Event[] {
  return events.map((event, index) => Object.assign({}, event, { sequence_number: index }));
}

function stream(events: readonly Event[]): Buffer {
  return Buffer.concat(numbered(events).map((event) => sseFrame(event, event.type)));
}

const text = stream(textEvents);
const told = { output: "Hi 日本", finishReasons: ["completed"], totalTokens: 16_963 };

const reversed = (event: object) => Object.fromEntries(Object.entries(event).toReversed());
/** As Python writes it. */
const spaced = (event: object) => JSON.stringify(event, null, 1).replaceAll(/\n */g, " ");

export const recordedResponses: Readonly<Record<string, Recorded>> = {
  "a text": { bytes: text, ...told },
  "a text with CR LF line ends": { bytes: withLineEnds(text, "\r\n"), ...told },
  "a text without the events' names": {
    bytes: Buffer.concat(numbered(textEvents).map((event) => sseFrame(event))),
    ...told,
  },
  "members in another order": {
    bytes: Buffer.concat(
      numbered(textEvents).map((event) => sseFrame(reversed(event), event.type)),
    ),
    ...told,
  },
  "spaces in the JSON": {
    bytes: Buffer.concat(numbered(textEvents).map((event) => sseFrame(spaced(event), event.type))),
    ...told,
  },
  "data over several lines": {
    bytes: Buffer.concat(textEvents.map((event) => multiLineFrame(event))),
    ...told,
  },
  "comments, keepalives and a superfluous end mark": {
    bytes: Buffer.concat([
      Buffer.from(": keepalive\n\n"),
      stream(textEvents.slice(0, 5)),
      Buffer.from('event: keepalive\ndata: {"type":"keepalive","sequence_number":5}\n\n'),
      stream(textEvents.slice(5)),
      sseFrame("[DONE]"),
    ]),
    ...told,
  },
  "reasoning and calls of all kinds": {
    bytes: stream([
      created,
      item("added", { ...reasoning, status: "in_progress" }),
      { type: "response.reasoning_summary_text.delta", delta: "Sum." },
      { type: "response.reasoning_text.delta", delta: 'Why "so"?' },
      item("done", { ...reasoning, encrypted_content: "gAAAAA" }),
      item("added", { ...call, arguments: "" }, 1),
      { type: "response.function_call_arguments.delta", delta: '{"x":' },
      { type: "response.function_call_arguments.delta", delta: "1}" },
      { type: "response.function_call_arguments.done", arguments: '{"x":1}' },
      item("done", call, 1),
      { type: "response.custom_tool_call_input.delta", delta: "await exec()" },
      item("done", { id: "ctc_1", type: "custom_tool_call", name: "exec", input: "" }, 2),
      item("done", { id: "lsh_1", type: "local_shell_call" }, 3),
      { type: "response.mcp_call_arguments.delta", delta: "{}" },
      item("done", { id: "mcp_1", type: "mcp_call", server_label: "x", name: "y" }, 4),
      { type: "response.refusal.delta", delta: "No." },
      completed([]),
    ]),
    ...told,
    output: 'Sum.Why "so"?{"x":1}await exec(){}No.',
    toolCallCount: 4,
    stateIds: ["resp_1", "rs_1", encryptedStateId("gAAAAA")],
  },
  "tools that ran at the provider": {
    bytes: stream([
      created,
      { type: "response.web_search_call.searching", item_id: "ws_1" },
      item("done", { id: "ws_1", type: "web_search_call", action: { type: "search" } }),
      item("done", { id: "ws_2", type: "web_search_call", action: { type: "open_page" } }, 1),
      item("done", { id: "fs_1", type: "file_search_call" }, 2),
      { type: "response.code_interpreter_call_code.delta", delta: "1+1" },
      item("done", { id: "ci_1", type: "code_interpreter_call" }, 3),
      { type: "response.image_generation_call.partial_image", partial_image_b64: "iVBORw0" },
      completed([
        { id: "ws_1", type: "web_search_call", action: { type: "search" } },
        { id: "ws_2", type: "web_search_call", action: { type: "open_page" } },
        { id: "fs_1", type: "file_search_call" },
        { id: "ci_1", type: "code_interpreter_call" },
      ]),
    ]),
    ...told,
    output: "1+1",
    serverToolCalls: { web_search_call: 1, file_search_call: 1, code_interpreter_call: 1 },
  },
  "an answer that was cut short": {
    bytes: stream([
      created,
      { type: "response.output_text.delta", delta: "Hi" },
      {
        type: "response.incomplete",
        response: response("incomplete", {
          usage,
          output: [message],
          incomplete_details: { reason: "max_output_tokens" },
        }),
      },
    ]),
    ...told,
    output: "Hi",
    finishReasons: ["incomplete", "max_output_tokens"],
  },
  "a failure that was billed": {
    bytes: stream([
      created,
      {
        type: "response.failed",
        response: response("failed", { usage, error: { code: "server_error", message: "x" } }),
      },
    ]),
    ...told,
    output: "",
    finishReasons: ["failed"],
    errorInStream: true,
  },
  "an error after status 200": {
    bytes: stream([
      created,
      { type: "response.output_text.delta", delta: "Hi" },
      { type: "error", code: "server_error", message: "overloaded", param: null },
    ]),
    output: "Hi",
    finishReasons: [],
    totalTokens: null,
    errorInStream: true,
    ended: false,
  },
  "usage nowhere": {
    bytes: stream([...textEvents.slice(0, -1), completed([message], { usage: null })]),
    ...told,
    totalTokens: null,
  },
  "attack: the caller's own words look like an event's type": {
    bytes: Buffer.concat(
      textEvents.map((event) =>
        sseFrame({
          metadata: { type: "response.in_progress", x: '{"type":"response.output_text.delta"' },
          ...event,
        }),
      ),
    ),
    ...told,
  },
};
