/**
 * Carries one answer from the provider to the client. The bytes that would make the answer
 * complete in the client's eyes stay here until the call has been recorded.
 */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { downstreamHeaders } from "./headers.ts";

/** Looks at a body on its way and says which of its bytes may go on. */
export interface BodyTap {
  /** Bytes that the client may have now, or null. */
  push(chunk: Buffer): Buffer | null;
  /** True once the answer is complete though its connection may still be open. */
  readonly complete: boolean;
  /** Everything that was held back; from then on bytes pass at once. */
  release(): Buffer | null;
}

export interface TapFactory {
  (answer: { status: number; contentType: string; contentEncoding: string }): {
    tap: BodyTap;
    streamed: boolean;
  };
}

export type RelayEnd = "complete" | "client_abort" | "failed";

/** How far an answer came. */
export interface Relayed {
  end: RelayEnd;
  /** Why, when `end` is `failed`. */
  error: Error | null;
  /** 0 when no answer began. */
  upstreamStatus: number;
  upstreamRequestId: string;
  /** Bytes of the body as the provider sent them. */
  responseBytes: number;
  /** Monotonic milliseconds at the first body byte; null when none came. */
  firstByteAt: number | null;
  /** The client has part of the answer, so no other one can be sent in its place. */
  begun: boolean;
  streamed: boolean;
}

export class Relay implements Dispatcher.DispatchHandler {
  /** Resolves once, when the answer is complete, broken off or refused by either side. */
  readonly ended: Promise<Relayed>;
  readonly #settle: (relayed: Relayed) => void;
  readonly #response: ServerResponse;
  readonly #ourHeaders: Record<string, string>;
  readonly #openTap: TapFactory;
  readonly #now: () => number;
  #controller: Dispatcher.DispatchController | null = null;
  #tap: BodyTap | null = null;
  #headers: Record<string, string | string[]> = {};
  #upstreamEnded = false;
  #released = false;
  /** The answer has been ended otherwise: what the provider still does is of no interest. */
  #detached = false;
  #settled = false;
  #state: Relayed = {
    end: "complete",
    error: null,
    upstreamStatus: 0,
    upstreamRequestId: "",
    responseBytes: 0,
    firstByteAt: null,
    begun: false,
    streamed: false,
  };

  constructor(options: {
    response: ServerResponse;
    /** Added to the provider's headers. */
    headers: Record<string, string>;
    openTap: TapFactory;
    /** Monotonic milliseconds. */
    now: () => number;
  }) {
    this.#response = options.response;
    this.#ourHeaders = options.headers;
    this.#openTap = options.openTap;
    this.#now = options.now;
    const { promise, resolve } = Promise.withResolvers<Relayed>();
    this.ended = promise;
    this.#settle = resolve;
    this.#response.once("close", this.#onClientClose);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // undici answers an abort with onResponseError, even one before the request was written.
    if (this.#response.destroyed) controller.abort(new Error("client gone"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    const requestId = headers["x-request-id"] ?? headers["request-id"];
    const encoding = headers["content-encoding"];
    const { tap, streamed } = this.#openTap({
      status,
      contentType: headers["content-type"] ?? "",
      contentEncoding: typeof encoding === "string" ? encoding : "",
    });
    this.#tap = tap;
    this.#headers = Object.assign(downstreamHeaders(headers), this.#ourHeaders);
    this.#state.upstreamStatus = status;
    this.#state.upstreamRequestId = typeof requestId === "string" ? requestId.slice(0, 256) : "";
    this.#state.streamed = streamed;
    if (streamed) {
      // What metering asked for may be taken out again, so the length is not known.
      delete this.#headers["content-length"];
      this.#begin();
      this.#response.flushHeaders();
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#state.responseBytes += chunk.length;
    this.#state.firstByteAt ??= this.#now();
    const passed = this.#tap?.push(chunk) ?? null;
    if (passed !== null && !this.#write(passed)) {
      controller.pause();
      this.#response.once("drain", () => controller.resume());
    }
    // What comes after the end of an answer, while that is being recorded, must not pile up here.
    if (this.#settled && !this.#released) controller.pause();
    if (this.#tap?.complete === true) this.#end("complete");
  }

  onResponseEnd(): void {
    this.#upstreamEnded = true;
    if (this.#detached) return;
    if (this.#released) this.#response.end();
    else this.#end("complete");
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#upstreamEnded = true;
    if (this.#detached) return;
    if (this.#released) this.#response.end();
    else this.#end(this.#response.destroyed ? "client_abort" : "failed", error);
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
    this.#state.end = end;
    this.#state.error = error;
    this.#settle({ ...this.#state });
  }

  readonly #onClientClose = (): void => {
    if (this.#response.writableFinished) return;
    this.#end("client_abort");
    this.#controller?.abort(new Error("client gone"));
  };
}
