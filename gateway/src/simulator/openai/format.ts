import { behaviourOf } from "../behaviour.ts";
import type { JsonObject } from "../json-value.ts";
import { chatError } from "../openai-chat/error.ts";
import { BadRequest, type Dialect } from "../request.ts";
import type { Asked, Format, ReceivedBody, Wire } from "../wire.ts";

/** What OpenAI's formats have in common: their errors, and the name of the request id's header. */
export function openaiFormat(dialect: Dialect): Format {
  return {
    dialect,
    requestIdHeader: "x-request-id",
    error: (status, message, param, _id, code) => chatError(status, message, param, code),
  };
}

/** One of OpenAI's formats whose requests are JSON. */
export function openaiWire(dialect: Dialect, read: (received: ReceivedBody) => Asked): Wire {
  return { ...openaiFormat(dialect), read };
}

/** @throws {BadRequest} when the body names no model. */
export function modelOf(body: JsonObject): Pick<Asked, "model" | "behaviour"> {
  const model: unknown = body["model"];
  if (typeof model !== "string") throw new BadRequest("model must be a string", "model");
  return { model, behaviour: behaviourOf(model) };
}

/** @throws {BadRequest} when the body's member is not text. */
export function textMember(body: JsonObject, name: string): string {
  const value: unknown = body[name];
  if (typeof value !== "string") throw new BadRequest(`${name} must be a string`, name);
  return value;
}
