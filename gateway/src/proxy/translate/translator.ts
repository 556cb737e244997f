/** Serving a model to clients of one dialect by a provider of another. */
import type { JsonObject } from "../dialects/json-body.ts";

export interface TranslationOptions {
  /** The provider's name for the model. */
  model: string;
  /** As the client named the model: the answer tells this name. */
  modelRequested: string;
  stream: boolean;
  callId: string;
  /** Cap on the generated tokens, whatever the request asks for. */
  maxTokens?: number;
  createdSeconds: number;
  newId: () => string;
}

/** Whole events of a stream, or a whole JSON body. */
export interface AnswerPiece {
  bytes: Buffer;
  /** With this piece the answer is complete in the client's eyes. */
  last: boolean;
}

export interface ProviderAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array>;
}

export interface TranslatedAnswer {
  status: number;
  headers: Record<string, string>;
  streamed: boolean;
  /** Ends with a piece marked `last`. @throws UnreadableAnswer, or what `body` threw */
  pieces: AsyncIterable<AnswerPiece>;
}

export interface TranslatedCall {
  /** Path below the provider's base URL with its query; headers without a credential. */
  readonly request: { path: string; headers: [name: string, value: string][]; body: Buffer };
  /**
   * May be asked again when the request has been sent again.
   *
   * @throws UnreadableAnswer, or what the answer's body threw
   */
  answer(answer: ProviderAnswer): Promise<TranslatedAnswer>;
  /** Ends the reading of the last answer. */
  abort(reason: Error): void;
}

export interface Translator {
  /** The upstream operation whose answer comes back: its dialect meters the raw bytes. */
  upstreamOperationId(stream: boolean): string;
  /** @throws Refusal WEIR_NOT_TRANSLATABLE or WEIR_FIELD_INVALID, naming the field */
  start(body: JsonObject, options: TranslationOptions): Promise<TranslatedCall>;
}

/** The provider answered 200 with something that cannot be read or told in the client's dialect. */
export class UnreadableAnswer extends Error {
  readonly code = "WEIR_ANSWER_UNREADABLE";

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "UnreadableAnswer";
  }
}
