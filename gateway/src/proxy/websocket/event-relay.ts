/**
 * Carries the events of one response from whatever brings them to a client's socket, byte for
 * byte. The event that ends the response stays here until the call has been recorded.
 */
import { errors } from "undici";
import type { RetryRule } from "../attempt.ts";
import type { CallIds, FrameVerdict, ResponseFacts } from "../dialects/dialect.ts";
import { isJsonObject } from "../dialects/json-body.ts";
import { ResponseEventMeter } from "../dialects/openai-responses/event-meter.ts";
import type { DrainBounds, RelayEnd, Relayed } from "../forward/relayed.ts";
import { retryAfterMs } from "../forward/retry-after.ts";
import type { Refusal } from "../refusal.ts";
import type { UpstreamTimeouts } from "../upstream.ts";
import type { ClientChannel } from "./client-channel.ts";
import { refusalMessages } from "./messages.ts";

/** Where a response's events come from. */
export interface EventSource {
  pause(): void;
  resume(): void;
  /** Stops the provider: nobody wants what still comes. */
  cancel(reason: Error): void;
}

export interface EventRelayOptions {
  channel: ClientChannel;
  /** Aborted when the client has left. */
  gone: AbortSignal;
  asked: { model: string; streamId: string };
  timeouts: UpstreamTimeouts;
  /** Monotonic milliseconds. */
  now: () => number;
  /** Unix milliseconds. */
  nowMs: () => number;
  isRetryable: RetryRule;
  /** Null = a client that leaves stops the provider at once. */
  drain: (generated: () => number) => DrainBounds | null;
  /** Told once: the status of the answer, or 0 when there is none. */
  onHead: (status: number) => void;
  /** Told each event of the response, as it came. */
  onEvent?: (json: Buffer) => void;
}

export class EventRelay {
  /** Resolves once, when the response is complete, broken off or refused by either side. */
  readonly ended: Promise<Relayed>;
  readonly #settle: (relayed: Relayed) => void;
  readonly #options: EventRelayOptions;
  readonly #drain: DrainBounds | null;
  readonly #meter = new ResponseEventMeter();
  #source: EventSource | null = null;
  #timer: NodeJS.Timeout | null = null;
  #drainTimer: NodeJS.Timeout | null = null;
  #isHeldUp = false;
  /** The client has left, and the provider is heard out for the sake of its bill. */
  #isDraining = false;
  #settled = false;
  #held: Buffer | null = null;
  #sent = 0;
  #state: Relayed = {
    end: "complete",
    error: null,
    upstreamStatus: 0,
    upstreamRequestId: "",
    responseBytes: 0,
    firstByteAt: null,
    retryAfterMs: null,
    begun: false,
    streamed: false,
  };

  constructor(options: EventRelayOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Relayed>();
    this.ended = promise;
    this.#settle = resolve;
    this.#drain = options.drain(() => this.#meter.facts().output.length);
    if (options.gone.aborted) this.#end("client_abort");
    else options.gone.addEventListener("abort", this.#onGone, { once: true });
  }

  get isOver(): boolean {
    return this.#settled;
  }

  facts(): ResponseFacts {
    return this.#meter.facts();
  }

  /** The request goes out: from here on the provider's time runs. */
  begin(source: EventSource, upstreamRequestId = ""): void {
    this.#source = source;
    if (this.#settled) {
      source.cancel(new Error("stopped"));
      return;
    }
    this.#state.upstreamRequestId = upstreamRequestId.slice(0, 256);
    this.#restartTimer();
  }

  /** One event, as it came. */
  event(json: Buffer): void {
    if (this.#settled) return;
    const state = this.#state;
    state.responseBytes += json.length;
    this.#options.onEvent?.(json);
    state.firstByteAt ??= this.#options.now();
    const verdict = this.#read(json);
    const isError = verdict !== "terminal" && this.#meter.facts().errorInStream;
    if (state.upstreamStatus === 0 && this.#isFruitless(json, isError)) return;
    if (isError || verdict === "terminal") {
      this.#held = json;
      this.#end(this.#isDraining ? "client_abort" : "complete");
      return;
    }
    this.#restartTimer();
    if (this.#isDraining) {
      if (this.#drain?.isEnough() === true) this.#endDrain();
      return;
    }
    this.#send(json);
    if (!this.#options.channel.isFull) return;
    this.#source?.pause();
    this.#options.channel.whenRoom(() => this.#source?.resume());
  }

  /** The source has broken off. */
  fail(error: Error): void {
    if (this.#settled) return;
    const isGone = this.#options.gone.aborted;
    if (this.#state.upstreamStatus === 0 && !isGone) this.#options.onHead(0);
    this.#end(isGone ? "client_abort" : "failed", error);
  }

  /** Ends the response in our own words, and stops the provider; nothing once it has ended. */
  halt(refusal: Refusal): void {
    if (this.#settled) return;
    if (this.#isDraining) {
      this.#endDrain();
      return;
    }
    this.#end("failed", refusal);
    this.#source?.cancel(refusal);
  }

  /** The source is paused or runs again: a client that does not read is no provider's silence. */
  holdUp(isHeldUp: boolean): void {
    this.#isHeldUp = isHeldUp;
    if (this.#settled) return;
    if (!isHeldUp) this.#restartTimer();
    else if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Gives the client the event that ends the response. Called once the call has been recorded. */
  release(): void {
    if (this.#held !== null) this.#send(this.#held);
  }

  /** Ends the response for the client with a refusal in place of what was held back. */
  breakOff(refusal: Refusal, ids: CallIds): void {
    const { channel, asked } = this.#options;
    const responseId = this.#sent === 0 ? "" : this.#meter.facts().responseId;
    const begun = { responseId, sent: this.#sent };
    for (const message of refusalMessages(refusal, ids, asked, begun)) channel.send(message);
  }

  #read(json: Buffer): FrameVerdict {
    try {
      return this.#meter.message(json);
    } catch {
      // An event that cannot be read must not break the response: its usage stays incomplete.
      return "forward";
    }
  }

  /** The first event stands for an answer's head. True when another attempt is to be made. */
  #isFruitless(json: Buffer, isError: boolean): boolean {
    const { status, waitMs } = isError
      ? errorHead(json, this.#options.nowMs())
      : { status: 200, waitMs: null };
    this.#state.upstreamStatus = status;
    this.#state.streamed = status < 400;
    this.#options.onHead(status);
    if (!isError || this.#isDraining || !this.#options.isRetryable(status, waitMs)) return false;
    this.#state.retryAfterMs = waitMs;
    this.#end("retryable");
    return true;
  }

  #send(json: Buffer): void {
    this.#sent += 1;
    this.#state.begun = true;
    this.#options.channel.send(json);
  }

  #restartTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#settled || this.#isHeldUp) return;
    const { firstByteMs, idleMs } = this.#options.timeouts;
    const isSilent = this.#state.upstreamStatus === 0;
    this.#timer = setTimeout(
      () => {
        const error = isSilent ? new errors.HeadersTimeoutError() : new errors.BodyTimeoutError();
        this.fail(error);
        this.#source?.cancel(error);
      },
      isSilent ? firstByteMs : idleMs,
    );
  }

  #end(end: RelayEnd, error: Error | null = null): void {
    if (this.#settled) return;
    this.#settled = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
    this.#options.gone.removeEventListener("abort", this.#onGone);
    this.#state.end = end;
    this.#state.error = error;
    this.#settle({ ...this.#state });
  }

  readonly #onGone = (): void => {
    if (this.#drain === null || this.#source === null) {
      this.#endDrain();
      return;
    }
    this.#isDraining = true;
    this.#drainTimer = setTimeout(() => this.#endDrain(), this.#drain.maxMs);
    this.#source.resume();
  };

  #endDrain(): void {
    this.#end("client_abort");
    this.#source?.cancel(new Error("client gone"));
  }
}

/** The status that an error event stands for, and the time that it asks to wait. */
function errorHead(json: Buffer, nowMs: number): { status: number; waitMs: number | null } {
  const event: unknown = JSON.parse(json.toString("utf8"));
  if (!isJsonObject(event)) return { status: 500, waitMs: null };
  const { status, headers } = event;
  const isStatus = typeof status === "number" && status >= 400 && status < 600;
  const told: Record<string, string> = {};
  for (const [name, value] of Object.entries(isJsonObject(headers) ? headers : {})) {
    if (typeof value === "string") told[name.toLowerCase()] = value;
  }
  return { status: isStatus ? Math.trunc(status) : 500, waitMs: retryAfterMs(told, nowMs) };
}
