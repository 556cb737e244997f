/** A valid request for every operation that Weir serves, rich in members, so that fuzzing meets them all. */
import type { JsonObject } from "../../dialects/json-body.ts";
import { chat, generate, messages, model, responses } from "./example-bodies.ts";
import { boundary, field, file, form } from "../../testing/form-body.ts";

export interface Example {
  /** The operation's id; the name of the test. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  /** Null = no JSON body. */
  readonly json: JsonObject | null;
  /** The body's bytes; null = none. */
  readonly bytes: Buffer | null;
  readonly stream: boolean;
}

function json(id: string, path: string, body: JsonObject, stream = false): Example {
  const bytes = Buffer.from(JSON.stringify(body));
  const contentType = "application/json";
  return { id, method: "POST", path, contentType, json: body, bytes, stream };
}

function upload(id: string, path: string, bytes: Buffer): Example {
  const contentType = `multipart/form-data; boundary=${boundary}`;
  return { id, method: "POST", path, contentType, json: null, bytes, stream: false };
}

function plain(id: string, method: string, path: string): Example {
  return { id, method, path, contentType: "", json: null, bytes: null, stream: false };
}

const gemini = `/v1beta/models/${model}`;
const content = { parts: [{ text: "hello" }] };
const batch = { requests: [{ custom_id: "a", params: messages }] };

/** Requests whose JSON is read. */
export const jsonExamples: readonly Example[] = [
  json("chat.completions", "/v1/chat/completions", chat),
  json("chat.completions", "/v1/chat/completions", { ...chat, stream: true }, true),
  json("completions", "/v1/completions", { model, prompt: ["hello", "you"], max_tokens: 9, n: 1 }),
  json(
    "completions",
    "/v1/completions",
    { model, prompt: "hello", stream: true, stream_options: { include_usage: true } },
    true,
  ),
  json("responses", "/v1/responses", responses),
  json("responses", "/v1/responses", { ...responses, stream: true }, true),
  json("responses.input_tokens", "/v1/responses/input_tokens", { model, input: "hello" }),
  json("responses.compact", "/v1/responses/compact", {
    model,
    input: [{ role: "user", content: "a" }],
  }),
  json("embeddings", "/v1/embeddings", {
    model,
    input: ["hello", "you"],
    dimensions: 8,
    user: "u",
  }),
  json("moderations", "/v1/moderations", { model, input: [{ type: "text", text: "hello" }] }),
  json("audio.speech", "/v1/audio/speech", { model, input: "hello", voice: { id: "v" }, speed: 1 }),
  json(
    "audio.speech",
    "/v1/audio/speech",
    { model, input: "hello", voice: "v", stream_format: "sse" },
    true,
  ),
  json("images.generations", "/v1/images/generations", {
    model,
    prompt: "a cat",
    n: 1,
    size: "1x1",
  }),
  json(
    "images.generations",
    "/v1/images/generations",
    { model, prompt: "a cat", stream: true },
    true,
  ),
  json("messages", "/v1/messages?beta=true", messages),
  json("messages", "/v1/messages", { ...messages, stream: true }, true),
  json("messages.count_tokens", "/v1/messages/count_tokens", {
    model,
    messages: messages["messages"],
  }),
  json("gemini.generateContent", `${gemini}:generateContent`, generate),
  json("gemini.streamGenerateContent", `${gemini}:streamGenerateContent?alt=sse`, generate, true),
  json("gemini.streamGenerateContent", `${gemini}:streamGenerateContent`, generate, true),
  json("gemini.countTokens", `${gemini}:countTokens`, {
    generateContentRequest: { model: `models/${model}`, ...generate },
  }),
  json("gemini.embedContent", `${gemini}:embedContent`, { content, outputDimensionality: 8 }),
  json("gemini.batchEmbedContents", `${gemini}:batchEmbedContents`, {
    requests: [{ model: `models/${model}`, content }],
  }),
];

/** Requests whose fields are read as they stream by. */
export const formExamples: readonly Example[] = [
  upload(
    "audio.transcriptions",
    "/v1/audio/transcriptions",
    form(field("model", model), file("RIFF")),
  ),
  upload("audio.translations", "/v1/audio/translations", form(field("model", model), file("RIFF"))),
  upload(
    "images.edits",
    "/v1/images/edits",
    form(field("model", model), field("prompt", "a"), file("png", "image")),
  ),
  upload(
    "images.variations",
    "/v1/images/variations",
    form(field("model", model), file("png", "image")),
  ),
];

/** Requests of which nothing is read. */
export const opaqueExamples: readonly Example[] = [
  plain("responses.retrieve", "GET", "/v1/responses/resp_1"),
  plain("responses.delete", "DELETE", "/v1/responses/resp_1"),
  plain("responses.cancel", "POST", "/v1/responses/resp_1/cancel"),
  plain("responses.input_items", "GET", "/v1/responses/resp_1/input_items?limit=2"),
  upload("files.create", "/v1/files", form(field("purpose", "batch"), file("{}"))),
  json("uploads.create", "/v1/uploads", {
    purpose: "batch",
    filename: "a",
    bytes: 2,
    mime_type: "b",
  }),
  json("batches.create", "/v1/batches", { input_file_id: "file-1", endpoint: "/v1/responses" }),
  json("messages.batches.create", "/v1/messages/batches", batch),
  json("conversations.create", "/v1/conversations", { items: [{ role: "user", content: "a" }] }),
  json("passthrough", "/providers/test/v9/things?x=1", { any: ["thing"] }),
  plain("passthrough", "GET", "/providers/test/anything"),
];

/** Requests that Weir answers out of the providers' lists. */
export const modelExamples: readonly Example[] = [
  plain("models", "GET", "/v1/models"),
  plain("models.retrieve", "GET", "/v1/models/sim-echo"),
];

export const sentOn: readonly Example[] = [...jsonExamples, ...formExamples, ...opaqueExamples];
export const everyExample: readonly Example[] = [...sentOn, ...modelExamples];

/** As a test's name. */
export function nameOf({ id, path, method, stream }: Example): string {
  return `${id}${stream ? " as a stream" : ""} (${method} ${path})`;
}
