import { hash } from "node:crypto";
import type { Behaviour } from "./behaviour.ts";
import type { JsonObject } from "./json-value.ts";
import type { ReceivedBody } from "./wire.ts";

export type Dialect =
  | "openai-chat"
  | "openai-responses"
  | "openai-completions"
  | "openai-embeddings"
  | "openai-moderations"
  | "openai-audio"
  | "openai-images"
  | "openai-files"
  | "anthropic"
  | "gemini";

export interface OfferedTool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** What a request says, whichever wire format it came in. */
export interface SimulatorRequest {
  readonly dialect: Dialect;
  /** Twenty-four hex digits that depend on what is asked, not on how the reply is to be framed. */
  readonly digest: string;
  readonly model: string;
  readonly behaviour: Behaviour;
  readonly stream: boolean;
  /** Whether a stream is to carry the chat dialect's usage chunk. */
  readonly includeUsage: boolean;
  readonly words: number;
  readonly messageCount: number;
  readonly lastUserCharacters: number;
  /** Length of the last tool result, null when the conversation holds none. */
  readonly toolResultCharacters: number | null;
  readonly tools: readonly OfferedTool[];
  /** Tool the caller insists on; "" = any, null = none may be called. */
  readonly toolChoice: string | null;
  readonly maxTokens: number | null;
}

/** A body the dialect would refuse with status 400; `param` names the offending member. */
export class BadRequest extends Error {
  readonly param: string;

  constructor(message: string, param: string) {
    super(message);
    this.param = param;
  }
}

/**
 * The digest that ids are made of. It leaves out `stream_options`: a gateway may ask for the usage
 * chunk on its client's behalf, and the reply must otherwise stay the same to the byte.
 */
export function digestOf({ json, sha256 }: Pick<ReceivedBody, "json" | "sha256">): string {
  if (json["stream_options"] === undefined && json["stream"] !== true) return sha256.slice(0, 24);
  const { stream_options: _options, ...asked } = json;
  return hash("sha256", JSON.stringify(asked)).slice(0, 24);
}
