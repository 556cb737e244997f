/** Carrying a call over to a provider of another dialect, as the pipeline sees it. */
import type { JsonOperation } from "./dialects/dialect.ts";
import type { JsonObject } from "./dialects/json-body.ts";

export interface Translator {
  /** The provider's operation whose answer comes back: its dialect meters the raw bytes. */
  upstreamOperation(stream: boolean): JsonOperation;
  /** @throws Refusal WEIR_NOT_TRANSLATABLE naming the field that cannot be carried over. */
  start(body: JsonObject, options: TranslationOptions): Promise<TranslatedCall>;
}

export interface TranslationOptions {
  /** Asked of the provider. */
  model: string;
  /** What the client named, and will be told. */
  modelRequested: string;
  stream: boolean;
  callId: string;
  createdSeconds: number;
  newId(): string;
}

export interface TranslatedCall {
  readonly request: {
    /** Below the provider's base URL, with its query. */
    readonly path: string;
    /** Without a credential. */
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: Buffer;
  };
  answer(response: UpstreamAnswer): Promise<ClientAnswer>;
  abort(reason: Error): void;
}

export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string>;
  body: AsyncIterable<Uint8Array>;
}

export interface ClientAnswer {
  status: number;
  headers: Record<string, string>;
  /** Whole events or one JSON body; the last piece is what makes the answer complete. */
  body: AsyncIterable<Buffer>;
}
