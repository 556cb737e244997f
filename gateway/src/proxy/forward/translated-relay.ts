/**
 * Carries an answer from the provider to a client of another dialect: the tap reads the bytes as
 * the provider sent them, the client gets what the translation makes of them. The piece that
 * completes the answer stays here until the call has been recorded.
 */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { TranslatedAnswer, TranslatedCall } from "../translate/translator.ts";
import type { Refusal } from "../refusal.ts";
import { AnswerHead } from "./answer-head.ts";
import { ByteChannel } from "./byte-channel.ts";
import {
  type BodyTap,
  nothingAnswered,
  type RelayEnd,
  type Relayed,
  type RelayOptions,
} from "./relayed.ts";
import { cutWhenStalled, whenDrained } from "./when-drained.ts";

/** Read from the provider ahead of the translation. */
const MAX_AHEAD_BYTES = 65_536;
/** Of what comes after the end of an answer, or of an error answer that nobody will see. */
const MAX_THROWN_AWAY_BYTES = 65_536;

export interface TranslatedRelayOptions extends RelayOptions {
  translated: TranslatedCall;
}

export class TranslatedRelay implements Dispatcher.DispatchHandler {
  /** Resolves once, when the answer is complete, broken off or refused by either side. */
  readonly ended: Promise<Relayed>;
  readonly #settle: (relayed: Relayed) => void;
  readonly #options: TranslatedRelayOptions;
  readonly #response: ServerResponse;
  readonly #channel: ByteChannel;
  #controller: Dispatcher.DispatchController | null = null;
  #tap: BodyTap | null = null;
  #answer: TranslatedAnswer | null = null;
  /** What completes the answer in the client's eyes. */
  #last: Buffer | null = null;
  #thrownAwayBytes = 0;
  #drainTimer: NodeJS.Timeout | null = null;
  /** The client has left, and the provider is heard out for the sake of its bill. */
  #isDraining = false;
  /** The answer has been ended otherwise: what the provider still does is of no interest. */
  #detached = false;
  #settled = false;
  readonly #state: Relayed = nothingAnswered();
  readonly #head: AnswerHead;

  constructor(options: TranslatedRelayOptions) {
    this.#options = options;
    this.#response = options.response;
    this.#head = new AnswerHead(options, this.#state);
    this.#channel = new ByteChannel(MAX_AHEAD_BYTES, () => this.#resume());
    const { promise, resolve } = Promise.withResolvers<Relayed>();
    this.ended = promise;
    this.#settle = resolve;
    this.#response.once("close", this.#onClientClose);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // undici answers an abort with onResponseError, even one before the request was written.
    if (this.#response.destroyed && !this.#isDraining) controller.abort(new Error("client gone"));
    else if (this.#settled) controller.abort(new Error("stopped"));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    const verdict = this.#head.read(controller, status, headers);
    if (verdict === "interim") return;
    if (verdict === "retry") {
      this.#response.off("close", this.#onClientClose);
      this.#end("retryable");
      return;
    }
    const plain = plainHeaders(headers);
    const { tap } = this.#options.openTap({
      status,
      contentType: plain["content-type"] ?? "",
      contentEncoding: plain["content-encoding"] ?? "",
    });
    this.#tap = tap;
    void this.#carry(status, plain);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#state.responseBytes += chunk.length;
    if (this.#settled) {
      // Read to its end so that the connection can be used again, if that is not far.
      this.#thrownAwayBytes += chunk.length;
      if (this.#thrownAwayBytes > MAX_THROWN_AWAY_BYTES) controller.abort(new Error("unread"));
      return;
    }
    this.#state.firstByteAt ??= this.#options.now();
    this.#tap?.push(chunk);
    if (!this.#channel.push(chunk)) controller.pause();
    // Some providers keep the connection open after the end of an answer.
    if (this.#tap?.complete === true) this.#channel.end();
    else if (this.#isDraining && this.#options.drain?.isEnough() === true) this.#endDrain();
  }

  onResponseEnd(): void {
    if (!this.#settled) this.#tap?.end();
    this.#channel.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#detached || this.#settled) return;
    if (this.#state.upstreamStatus === 0) {
      if (!this.#response.destroyed) this.#options.onHead(0);
      this.#end(this.#response.destroyed ? "client_abort" : "failed", error);
      // What came before the error reaches the client first.
    } else this.#channel.end(error);
  }

  /** Gives the client the rest. Called once the call has been recorded. */
  release(): void {
    this.#begin();
    this.#tap?.release();
    if (this.#last === null) this.#response.end();
    else this.#response.end(this.#last);
    cutWhenStalled(this.#response, this.#options.stallMs);
  }

  /** Ends a stream that has begun with one more frame; drops what was held back. */
  breakOff(frame: string): void {
    this.#detach();
    this.#response.end(frame);
  }

  /** Cuts the client's connection: the only way to say that a body which has begun is not whole. */
  cut(): void {
    this.#detach();
    this.#response.destroy();
  }

  /** Lets go of the client's response, which will carry another answer. */
  abandon(): void {
    this.#detach();
  }

  /** Ends the answer in our own words, and stops the provider; nothing once it has ended. */
  halt(refusal: Refusal): void {
    if (this.#settled) return;
    if (this.#isDraining) {
      this.#endDrain();
      return;
    }
    this.#end("failed", refusal);
    this.#stop(refusal);
  }

  async #carry(status: number, headers: Record<string, string>): Promise<void> {
    try {
      const answer = await this.#options.translated.answer({
        status,
        headers,
        body: this.#channel,
      });
      this.#answer = answer;
      this.#state.clientStatus = answer.status;
      this.#state.streamed = answer.streamed;
      if (answer.streamed && !this.#settled) {
        this.#begin();
        this.#response.flushHeaders();
      }
      for await (const { bytes, last } of answer.pieces) {
        if (this.#settled) return;
        if (last) {
          this.#last = bytes;
          break;
        }
        await this.#write(bytes);
      }
      this.#end(this.#isDraining ? "client_abort" : "complete");
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error("translation", { cause: error }));
    }
  }

  #fail(error: Error): void {
    if (this.#settled) return;
    this.#end(this.#response.destroyed ? "client_abort" : "failed", error);
    this.#controller?.abort(error);
  }

  #detach(): void {
    this.#detached = true;
    this.#response.off("close", this.#onClientClose);
    this.#stop(new Error("answer abandoned"));
  }

  #stop(reason: Error): void {
    this.#channel.end(reason);
    this.#options.translated.abort(reason);
    this.#controller?.abort(reason);
  }

  #begin(): void {
    if (this.#state.begun || this.#response.destroyed || this.#answer === null) return;
    this.#state.begun = true;
    const { status, headers } = this.#answer;
    this.#response.writeHead(status, { ...headers, ...this.#options.headers });
  }

  /** Resolves when the client has room for more, or is gone. */
  async #write(bytes: Buffer): Promise<void> {
    if (this.#response.destroyed) return;
    this.#begin();
    if (this.#response.write(bytes)) return;
    await new Promise<void>((resolve) => {
      whenDrained(this.#response, this.#options.stallMs, resolve);
    });
  }

  #resume(): void {
    if (this.#controller?.paused === true) this.#controller.resume();
  }

  #end(end: RelayEnd, error: Error | null = null): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#state.end = end;
    this.#state.error = error;
    this.#settle({ ...this.#state });
    // A packet may have been waiting for a translation that reads no more.
    this.#resume();
  }

  readonly #onClientClose = (): void => {
    if (this.#response.writableFinished || this.#settled) return;
    const { drain } = this.#options;
    if (drain === null || this.#state.upstreamStatus >= 400) {
      this.#endDrain();
      return;
    }
    this.#isDraining = true;
    this.#drainTimer = setTimeout(() => this.#endDrain(), drain.maxMs);
  };

  #endDrain(): void {
    this.#end("client_abort");
    this.#stop(new Error("client gone"));
  }
}

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const plain: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") plain[name] = value;
  }
  return plain;
}
