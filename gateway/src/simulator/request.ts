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
  /** Takes free text, not a JSON object. */
  readonly takesText?: true;
  /** What the name is to be read within, for formats that group their tools. */
  readonly namespace?: string;
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
  /** JSON Schema that the answer's text is to fit. */
  readonly outputSchema?: JsonObject | null;
  /** Pictures in the conversation; each is billed as a number of tokens. */
  readonly images?: number;
}

/** A request that the dialect would refuse; `param` names the offending member. */
export class BadRequest extends Error {
  readonly param: string | null;
  readonly status: number;
  /** The format's own word for what is wrong, for formats that have such words. */
  readonly code: string | undefined;

  constructor(message: string, param: string | null, status = 400, code?: string) {
    super(message);
    this.param = param;
    this.status = status;
    this.code = code;
  }
}

/**
 * The digest that ids are made of. It leaves out `stream_options`: a gateway may ask for the usage
 * chunk on its client's behalf, and the reply must otherwise stay the same to the byte. It leaves
 * out `client_metadata` too, in which Codex tells when each of its tries began.
 */
export function digestOf({ json, sha256 }: Pick<ReceivedBody, "json" | "sha256">): string {
  if (json["stream_options"] === undefined && json["stream"] !== true) return sha256.slice(0, 24);
  const { stream_options: _options, client_metadata: _told, ...asked } = json;
  return hash("sha256", JSON.stringify(asked)).slice(0, 24);
}
