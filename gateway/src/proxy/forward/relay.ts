/**
 * Carries one answer from the provider to the client. The bytes that would make the answer
 * complete in the client's eyes stay here until the call has been recorded.
 */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { ClientGone } from "../client-gone.ts";
import { Refusal } from "../refusal.ts";
import { AnswerHead } from "./answer-head.ts";
import { downstreamHeaders } from "./headers.ts";
import {
  type BodyTap,
  type DrainBounds,
  nothingAnswered,
  type RelayEnd,
  type Relayed,
  type RelayOptions,
  type TapFactory,
} from "./relayed.ts";
import { cutWhenStalled, whenDrained } from "./when-drained.ts";

/** Of an error answer that nobody will see. */
const MAX_THROWN_AWAY_BYTES = 65_536;

export class Relay implements Dispatcher.DispatchHandler {
  /** Resolves once, when the answer is complete, broken off or refused by either side. */
  readonly ended: Promise<Relayed>;
  readonly #settle: (relayed: Relayed) => void;
  readonly #response: ServerResponse;
  readonly #ourHeaders: Record<string, string>;
  readonly #openTap: TapFactory;
  readonly #now: () => number;
  readonly #stallMs: number;
  readonly #drain: DrainBounds | null;
  readonly #onHead: (status: number) => void;
  #drainTimer: NodeJS.Timeout | null = null;
  #waitsForClient = false;
  #controller: Dispatcher.DispatchController | null = null;
  #tap: BodyTap | null = null;
  #headers: Record<string, string | string[]> = {};
  #upstreamEnded = false;
  #released = false;
  /** The answer has been ended otherwise: what the provider still does is of no interest. */
  #detached = false;
  #settled = false;
  /** The client has left, and the provider is heard out for the sake of its bill. */
  #isDraining = false;
  readonly #state: Relayed = nothingAnswered();
  readonly #head: AnswerHead;

  constructor(options: RelayOptions) {
    this.#response = options.response;
    this.#ourHeaders = options.headers;
    this.#openTap = options.openTap;
    this.#now = options.now;
    this.#stallMs = options.stallMs;
    this.#head = new AnswerHead(options, this.#state);
    this.#drain = options.drain;
    this.#onHead = options.onHead;
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
    const encoding = headers["content-encoding"];
    const { tap, streamed, isChanged } = this.#openTap({
      status,
      contentType: headers["content-type"] ?? "",
      contentEncoding: typeof encoding === "string" ? encoding : "",
    });
    this.#tap = tap;
    this.#headers = Object.assign(downstreamHeaders(headers), this.#ourHeaders);
    this.#state.streamed = streamed;
    if (isChanged) delete this.#headers["content-length"];
    if (streamed) {
      this.#begin();
      this.#response.flushHeaders();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#state.responseBytes += chunk.length;
    if (this.#state.end === "retryable") {
      // Read to its end so that the connection can be used again, if that is not far.
      if (this.#state.responseBytes > MAX_THROWN_AWAY_BYTES) controller.abort(new Error("unread"));
      return;
    }
    this.#state.firstByteAt ??= this.#now();
    const passed = this.#tap?.push(chunk) ?? null;
    if (passed !== null && !this.#write(passed)) this.#awaitClient(controller);
    // What comes after the end of an answer, while that is being recorded, must not pile up here.
    if (this.#settled && !this.#released) controller.pause();
    if (this.#tap?.complete === true) this.#endWhole();
    else if (this.#isDraining && this.#drain?.isEnough() === true) this.#endDrain();
  }

  /** Reads no more of the provider until its client has caught up. */
  #awaitClient(controller: Dispatcher.DispatchController): void {
    controller.pause();
    if (this.#waitsForClient) return;
    this.#waitsForClient = true;
    whenDrained(this.#response, this.#stallMs, () => {
      this.#waitsForClient = false;
      if (!this.#response.destroyed) controller.resume();
    });
  }

  onResponseEnd(): void {
    this.#upstreamEnded = true;
    if (this.#detached) return;
    if (this.#released) this.#response.end();
    else {
      if (!this.#settled) this.#tap?.end();
      this.#endWhole();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#upstreamEnded = true;
    if (this.#detached) return;
    const isGone = this.#response.destroyed || error instanceof ClientGone;
    // A client's own body that breaks off or is refused on its way says nothing of the provider.
    const isOfProvider = !isGone && !(error instanceof Refusal);
    if (this.#state.upstreamStatus === 0 && isOfProvider) this.#onHead(0);
    if (this.#released) this.#response.end();
    else this.#end(isGone ? "client_abort" : "failed", error);
  }

  /** Gives the client the rest. Called once the call has been recorded. */
  release(): void {
    this.#released = true;
    this.#begin();
    const rest = this.#tap?.release() ?? null;
    if (!this.#upstreamEnded) {
      if (rest !== null) this.#response.write(rest);
      if (this.#controller?.paused === true) this.#controller.resume();
    } else if (rest !== null) this.#response.end(rest);
    else this.#response.end();
    cutWhenStalled(this.#response, this.#stallMs);
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
    this.#detached = true;
    this.#controller?.abort(refusal);
  }

  #detach(): void {
    this.#detached = true;
    this.#response.off("close", this.#onClientClose);
    this.#controller?.abort(new Error("answer abandoned"));
  }

  #begin(): void {
    if (this.#state.begun || this.#response.destroyed) return;
    this.#state.begun = true;
    this.#response.writeHead(this.#state.upstreamStatus, this.#headers);
  }

  /** False when the client reads more slowly than the provider writes. */
  #write(bytes: Buffer): boolean {
    if (this.#response.destroyed) return true;
    this.#begin();
    return this.#response.write(bytes);
  }

  #end(end: RelayEnd, error: Error | null = null): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#state.end = end;
    this.#state.error = error;
    this.#settle({ ...this.#state });
  }

  readonly #onClientClose = (): void => {
    if (this.#response.writableFinished) return;
    if (this.#settled) {
      // The answer is known; what a provider may send after its end is read for nobody.
      this.#controller?.abort(new Error("client gone"));
      return;
    }
    if (this.#drain === null || this.#state.upstreamStatus >= 400) {
      this.#endDrain();
      return;
    }
    this.#isDraining = true;
    this.#drainTimer = setTimeout(() => this.#endDrain(), this.#drain.maxMs);
    // What waited for the client waits no longer.
    if (this.#controller?.paused === true) this.#controller.resume();
  };

  /** The answer is whole, whether or not its client has seen all of it. */
  #endWhole(): void {
    this.#end(this.#isDraining ? "client_abort" : "complete");
  }

  #endDrain(): void {
    this.#end("client_abort");
    this.#controller?.abort(new Error("client gone"));
  }
}
