/** What went wrong at the provider, from any of the forms in which errors reach us. */
import { isJsonObject } from "../dialects/json-body.ts";
import type { UpstreamError } from "./client-dialect.ts";

const MESSAGE_MAX = 4_096;

/** All dialects have `{error: {message}}`; Gemini puts it into a list when it streams. */
function messageIn(body: unknown): string | null {
  const object = Array.isArray(body) ? (body[0] as unknown) : body;
  if (!isJsonObject(object)) return null;
  const { error, message } = object;
  if (typeof error === "string") return error;
  if (isJsonObject(error) && typeof error["message"] === "string") return error["message"];
  return typeof message === "string" ? message : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param text the error answer's body, or as much of it as was read */
export function upstreamErrorBody(status: number, text: string): UpstreamError {
  const message = messageIn(parsed(text)) ?? text.trim();
  return {
    status,
    message:
      message === ""
        ? `The provider answered with status ${status}.`
        : message.slice(0, MESSAGE_MAX),
  };
}

function statusOf(error: object): number {
  const status: unknown = Reflect.get(error, "statusCode");
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

/** Names that the AI SDK gives to errors of its own, about answers that it cannot read. */
const unreadable = new Set([
  "AI_JSONParseError",
  "AI_TypeValidationError",
  "AI_InvalidResponseDataError",
]);

/** The provider's error inside a stream, or null if the provider told none. */
export function streamedError(error: unknown): UpstreamError | null {
  if (typeof error === "string") return { status: 500, message: error.slice(0, MESSAGE_MAX) };
  if (typeof error !== "object" || error === null) return null;
  if (error instanceof Error && unreadable.has(error.name)) return null;
  const message = messageIn(error) ?? Reflect.get(error, "message");
  if (typeof message !== "string") return null;
  return { status: statusOf(error), message: message.slice(0, MESSAGE_MAX) };
}
