/** Translations without a network: the request that would be sent, and an answer read back. */
import { modelField } from "../../dialects/fields.ts";
import type { JsonObject } from "../../dialects/json-body.ts";
import { isJsonObject } from "../../dialects/json-body.ts";
import { Refusal } from "../../refusal.ts";
import type { TranslatedCall } from "../translator.ts";
import { translatorFor } from "../translator-for.ts";

export type Operation = "chat.completions" | "messages";
export type Provider = "openai" | "anthropic" | "gemini";

export interface Sent {
  call: TranslatedCall;
  path: string;
  headers: Record<string, string>;
  body: JsonObject;
}

export async function send(
  operation: Operation,
  provider: Provider,
  body: JsonObject,
  options: { model?: string; maxTokens?: number } = {},
): Promise<Sent> {
  const translator = translatorFor(operation, provider);
  if (translator === null) throw new Error("no translation");
  const call = await translator.start(body, {
    model: options.model ?? modelField(body),
    modelRequested: modelField(body),
    stream: body["stream"] === true,
    callId: "call-1",
    createdSeconds: 1_700_000_000,
    newId: () => "id-new",
    ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
  });
  const { path, headers, body: bytes } = call.request;
  const parsed: unknown = JSON.parse(bytes.toString());
  if (!isJsonObject(parsed)) throw new Error("no object was sent");
  return { call, path, headers: Object.fromEntries(headers), body: parsed };
}

/** The refusal that a request meets, or null if it is carried. */
export async function refusalOf(
  ...call: Parameters<typeof send>
): Promise<{ code: string; message: string } | null> {
  try {
    await send(...call);
    return null;
  } catch (thrown) {
    if (thrown instanceof Refusal) return { code: thrown.code, message: thrown.message };
    throw thrown;
  }
}

async function* inPackets(packets: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const packet of packets) yield packet;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  streamed: boolean;
  text: string;
  /** The piece that completes the answer. */
  last: string;
}

export async function answer(
  call: TranslatedCall,
  packets: Iterable<Uint8Array> | string,
  options: { status?: number; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const chunks = typeof packets === "string" ? [Buffer.from(packets)] : packets;
  const { status, headers, streamed, pieces } = await call.answer({
    status: options.status ?? 200,
    headers: options.headers ?? {},
    body: inPackets(chunks),
  });
  let text = "";
  let last = "";
  for await (const piece of pieces) {
    text += piece.bytes.toString();
    if (piece.last) last = piece.bytes.toString();
  }
  return { status, headers, streamed, text, last };
}
