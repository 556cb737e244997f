/** How answers are carried and how far they came: what every kind of relay has in common. */
import type { ServerResponse } from "node:http";

/** Looks at a body on its way and says which of its bytes may go on. */
export interface BodyTap {
  /** Bytes that the client may have now, or null. */
  push(chunk: Buffer): Buffer | null;
  /** The provider has sent all it has to send. */
  end(): void;
  /** True once the answer is complete though its connection may still be open. */
  readonly complete: boolean;
  /** Everything that was held back; from then on bytes pass at once. */
  release(): Buffer | null;
}

export interface TapFactory {
  (answer: { status: number; contentType: string; contentEncoding: string }): {
    tap: BodyTap;
    streamed: boolean;
    /** The body's length may not be what the provider says. */
    isChanged: boolean;
  };
}

export type RelayEnd =
  | "complete"
  | "client_abort"
  | "failed"
  /** The provider answered with an error after which another attempt is to be made. */
  | "retryable";

/** After how much a client that has left is no reason any more to hear the provider out. */
export interface DrainBounds {
  maxMs: number;
  /** Asked at every packet; true = enough. */
  isEnough(): boolean;
}

/** How far an answer came. */
export interface Relayed {
  end: RelayEnd;
  /** Why, when `end` is `failed`. */
  error: Error | null;
  /** 0 when no answer began. */
  upstreamStatus: number;
  /** Status for the client where a translation has another than the provider's. */
  clientStatus?: number;
  upstreamRequestId: string;
  /** Bytes of the body as the provider sent them. */
  responseBytes: number;
  /** Monotonic milliseconds at the first body byte; null when none came. */
  firstByteAt: number | null;
  /** Milliseconds that a retryable answer asks to wait (Retry-After); null when it does not say. */
  retryAfterMs: number | null;
  /** The client has part of the answer, so no other one can be sent in its place. */
  begun: boolean;
  streamed: boolean;
}

/** An answer of which nothing is known yet. */
export function nothingAnswered(): Relayed {
  return {
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
}

export interface RelayOptions {
  response: ServerResponse;
  /** Added to the provider's headers. */
  headers: Record<string, string>;
  openTap: TapFactory;
  /** Monotonic milliseconds. */
  now: () => number;
  /** Unix milliseconds. */
  nowMs: () => number;
  /** Whether an answer that begins so is to be thrown away for another attempt. */
  isRetryable: (status: number, retryAfterMs: number | null) => boolean;
  /** A client that takes nothing for so long is cut, milliseconds. */
  stallMs: number;
  /** Null = a client that leaves stops the provider at once. */
  drain: DrainBounds | null;
  /** Told once: the status of the answer's head, or 0 when none came. */
  onHead: (status: number) => void;
}
