/** One call on its way through a translation: the request that was written, the answer to come. */
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { boundedBody, readStart } from "./bounded-body.ts";
import type { AnswerContext, ClientDialect, UpstreamError } from "./client-dialect.ts";
import {
  UnreadableAnswer,
  type AnswerPiece,
  type ProviderAnswer,
  type TranslatedAnswer,
  type TranslatedCall,
} from "./translator.ts";
import { streamedError, upstreamErrorBody } from "./upstream-error.ts";
import type { WrittenRequest } from "./upstream/rehearse.ts";
import type { Fetch } from "./upstream/upstream-dialect.ts";

const MAX_JSON_BYTES = 33_554_432;
const MAX_STREAM_BYTES = 268_435_456;
const MAX_LINE_BYTES = 8_388_608;
const MAX_ERROR_BYTES = 65_536;

/** What tells a client when and whether to try again. */
const retryHeaders = ["retry-after", "retry-after-ms", "x-should-retry"];

export interface CallParts<Target extends string> {
  client: ClientDialect<Target>;
  written: WrittenRequest;
  context: AnswerContext;
  options: LanguageModelV4CallOptions;
  stream: boolean;
  model: (fetch: Fetch) => LanguageModelV4;
}

/** The provider's answer in place of the network. The AI SDK may ask for it once. */
class Replay {
  readonly #answer: ProviderAnswer;
  readonly #bounds: { maxBytes: number; maxLineBytes: number };
  #asked = false;
  /** What reading the body threw, which the AI SDK wraps into errors of its own. */
  #bodyError: Error | null = null;

  constructor(answer: ProviderAnswer, stream: boolean) {
    this.#answer = answer;
    this.#bounds = stream
      ? { maxBytes: MAX_STREAM_BYTES, maxLineBytes: MAX_LINE_BYTES }
      : { maxBytes: MAX_JSON_BYTES, maxLineBytes: MAX_JSON_BYTES };
  }

  readonly fetch: Fetch = async () => {
    if (this.#asked) throw new Error("A translation may send one request alone.");
    this.#asked = true;
    return new Response(ReadableStream.from(this.#body()), {
      status: this.#answer.status,
      headers: { "content-type": this.#answer.headers["content-type"] ?? "" },
    });
  };

  failure(thrown: unknown): Error {
    if (this.#bodyError !== null) return this.#bodyError;
    if (thrown instanceof UnreadableAnswer) return thrown;
    return new UnreadableAnswer("The provider's answer cannot be read.", { cause: thrown });
  }

  async *#body(): AsyncGenerator<Uint8Array> {
    try {
      yield* boundedBody(this.#answer.body, this.#bounds);
    } catch (error) {
      this.#bodyError = error instanceof Error ? error : new Error("body", { cause: error });
      throw error;
    }
  }
}

export class SdkTranslatedCall<Target extends string> implements TranslatedCall {
  readonly request: TranslatedCall["request"];
  readonly #parts: CallParts<Target>;
  #abort = new AbortController();

  constructor(parts: CallParts<Target>) {
    this.#parts = parts;
    const { path, headers, body } = parts.written;
    this.request = { path, headers, body: Buffer.from(body) };
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  async answer(answer: ProviderAnswer): Promise<TranslatedAnswer> {
    if (answer.status < 200 || answer.status >= 300) {
      const text = await readStart(answer.body, MAX_ERROR_BYTES);
      // A redirection is for us, not for the client, and is not followed.
      const status = answer.status < 400 ? 502 : answer.status;
      return this.#errorAnswer(upstreamErrorBody(status, text), answer);
    }
    const { model, stream, options } = this.#parts;
    const replay = new Replay(answer, stream);
    const sdk = model(replay.fetch);
    this.#abort = new AbortController();
    const guarded = { ...options, abortSignal: this.#abort.signal };
    try {
      return stream
        ? this.#streamAnswer((await sdk.doStream(guarded)).stream, replay)
        : this.#jsonAnswer(await sdk.doGenerate(guarded));
    } catch (thrown) {
      // An error as the first event of a stream, which the AI SDK makes an error of the call.
      if (stream && APICallError.isInstance(thrown) && thrown.responseBody !== undefined) {
        const status = thrown.statusCode ?? 500;
        return this.#errorAnswer({ status, message: thrown.message }, answer);
      }
      throw replay.failure(thrown);
    }
  }

  #errorAnswer(error: UpstreamError, answer: ProviderAnswer): TranslatedAnswer {
    const { client, context } = this.#parts;
    const headers: Record<string, string> = { "content-type": "application/json" };
    for (const name of retryHeaders) {
      const value = answer.headers[name];
      if (value !== undefined) headers[name] = value;
    }
    const status = client.errorStatus(error.status);
    const body = client.renderError({ ...error, status }, context);
    return { status, headers, streamed: false, pieces: onePiece(JSON.stringify(body)) };
  }

  #jsonAnswer(result: Awaited<ReturnType<LanguageModelV4["doGenerate"]>>): TranslatedAnswer {
    const { client, context } = this.#parts;
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      streamed: false,
      pieces: onePiece(JSON.stringify(client.renderAnswer(result, context))),
    };
  }

  #streamAnswer(
    stream: ReadableStream<LanguageModelV4StreamPart>,
    replay: Replay,
  ): TranslatedAnswer {
    return {
      status: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
      streamed: true,
      pieces: this.#pieces(stream, replay),
    };
  }

  async *#pieces(
    stream: ReadableStream<LanguageModelV4StreamPart>,
    replay: Replay,
  ): AsyncGenerator<AnswerPiece> {
    const { client, context } = this.#parts;
    const renderer = client.streamRenderer(context);
    try {
      for await (const part of stream) {
        if (part.type === "error") {
          const error = streamedError(part.error);
          if (error === null) throw replay.failure(part.error);
          yield piece(renderer.error(error), true);
          return;
        }
        if (part.type === "finish") {
          const [before, last] = renderer.end(part);
          yield piece(before);
          yield piece(last, true);
          return;
        }
        const frames = renderer.part(part);
        if (frames !== null) yield piece(frames);
      }
    } catch (thrown) {
      throw replay.failure(thrown);
    }
    throw new UnreadableAnswer("The provider's answer ended before it was complete.");
  }
}

function piece(text: string, last = false): AnswerPiece {
  return { bytes: Buffer.from(text), last };
}

async function* onePiece(text: string): AsyncGenerator<AnswerPiece> {
  yield piece(text, true);
}
