import type { Connection } from "./connection.ts";

/** A client that holds conversations, as the scenarios drive it. One adapter each. */
export interface ConversationClient {
  /** The package and which of its interfaces. */
  readonly name: string;
  /** Scenarios that say nothing about it, by name and `whole` or `streamed`, with the reason. */
  readonly cannot?: Readonly<Record<string, string>>;
  /** It does not show its caller how many tokens were reasoned. */
  readonly hidesReasoning?: true;
  /** Asks once. Throws what the client throws. */
  readonly ask: (connection: Connection, turn: Turn) => Promise<Answer>;
}

/** What is asked: everything but the text is optional. */
export interface Turn {
  readonly model: string;
  readonly streamed: boolean;
  readonly text: string;
  readonly tools?: readonly OfferedTool[];
  /** A PNG in base64 beside the text. */
  readonly imageBase64?: string;
  /** The answer is to fit this JSON Schema. */
  readonly schema?: JsonSchema;
  /** For clients that are told no usage of a stream unless they ask. */
  readonly wantsUsage?: boolean;
  /** How often the client itself tries again; 0 by default. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
  /** To be called at each piece of a stream. */
  readonly onPiece?: () => void;
}

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

/** A JSON Schema of an object whose members are all required strings. */
export interface JsonSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, { readonly type: "string" }>>;
  readonly required: string[];
  readonly additionalProperties: false;
}

export interface Answer {
  /** All that the client handed out: events, messages, usage. It is compared as it is. */
  readonly seen: unknown;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Goes on with the same result for every call; the request is otherwise the same. */
  readonly goOn: (toolResult: string) => Promise<Answer>;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: unknown;
}
