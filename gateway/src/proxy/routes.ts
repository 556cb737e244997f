import type { IncomingHttpHeaders } from "node:http";
import { anthropic } from "./dialects/anthropic/anthropic.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { openAiChat } from "./dialects/openai-chat/openai-chat.ts";

export interface Route {
  /** The one canonical id of what is served here. */
  operation: "chat.completions" | "messages" | "models";
  dialect: Dialect;
}

/** What a request is for, or null if Weir does not serve it. The query is no part of it. */
export function findRoute(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): Route | null {
  switch (`${method} ${path}`) {
    case "POST /v1/chat/completions":
      return { operation: "chat.completions", dialect: openAiChat };
    case "POST /v1/messages":
      return { operation: "messages", dialect: anthropic };
    case "GET /v1/models":
      return { operation: "models", dialect: speaks(headers) };
    default:
      return null;
  }
}

/** The dialect in which to answer where the path does not tell. */
export function speaks(headers: IncomingHttpHeaders): Dialect {
  return headers["anthropic-version"] === undefined ? openAiChat : anthropic;
}
