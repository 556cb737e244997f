import { isJsonObject, type JsonObject, type JsonValue } from "./json-body.ts";

/** One text of a conversation and who it is from, whatever the wire format says it in. */
export type ConversationPiece =
  | { readonly source: "user" | "assistant" | "system"; readonly text: string }
  | {
      readonly source: "tool";
      readonly tool: string;
      readonly text: string;
      /** What the tool was called with; undefined = the conversation does not show it. */
      readonly args?: unknown;
    };

/** More text than any model's context window holds. */
const PIECES_MAX = 20_000;

/** Calls by id, as results name them. */
export class CalledTools {
  readonly #calls = new Map<string, { tool: string; args: unknown }>();

  add(id: JsonValue | undefined, name: JsonValue | undefined, args: unknown): void {
    if (typeof id !== "string" || typeof name !== "string") return;
    this.#calls.set(id, { tool: name, args: typeof args === "string" ? parsed(args) : args });
  }

  /** A result as a piece; of a call that is not there the name alone is known, if the result says it. */
  result(id: JsonValue | undefined, text: string, name?: JsonValue): ConversationPiece {
    const call = typeof id === "string" ? this.#calls.get(id) : undefined;
    if (call !== undefined) return { source: "tool", tool: call.tool, args: call.args, text };
    return {
      source: "tool",
      tool: typeof name === "string" && name !== "" ? name : "unknown",
      text,
    };
  }
}

/** Pieces up to a bound: what is left out is known to nobody, so counts as untrusted. */
export function bounded(pieces: ConversationPiece[]): ConversationPiece[] {
  return pieces.filter(({ text }) => text !== "").slice(0, PIECES_MAX);
}

export function objectList(value: JsonValue | undefined): JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject);
}

/** What no model reads as text. */
const silent = new Set(
  "type id mime_type media_type mimeType cache_control detail signature encrypted_content image_url file_data".split(
    " ",
  ),
);

/** All texts below a value: whatever a model may read of it. */
export function textsBelow(value: JsonValue | undefined, depth = 0): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 32) return "";
  const items = Array.isArray(value) ? value : readMembers(value);
  return items
    .map((item) => textsBelow(item, depth + 1))
    .filter(Boolean)
    .join("\n");
}

function readMembers(value: JsonObject): (JsonValue | undefined)[] {
  const isMedia = value["type"] !== "text";
  return Object.entries(value)
    .filter(([name]) => !silent.has(name) && !(name === "data" && isMedia))
    .map(([, item]) => item);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
