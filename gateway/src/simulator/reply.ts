import type { TokenCounts } from "../contracts/index.ts";

/** Bytes that are sent in one go, and what they add to the bill. */
export interface Step {
  readonly bytes: string | Buffer;
  readonly visible: number;
  readonly reasoning: number;
  readonly audioOut?: number;
  /** Usage that these bytes tell the client, which replaces whatever was told before. */
  readonly reported?: TokenCounts;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream's steps in order, or a single one with the whole body. */
  readonly steps: readonly Step[];
  /** What the format sends for an error inside this stream; null = the reply is a single body. */
  readonly errorEvent: string | null;
  /** The input side of the bill; the steps add the output side as they go out. */
  readonly billedInput: TokenCounts;
  readonly toolCalls: number;
  /** Calls of tools that run at the provider, by the tool's name; billed apart from tokens. */
  readonly serverToolCalls?: Readonly<Record<string, number>>;
  /** Seconds of sound that are billed by time and not by token. */
  readonly billedSeconds?: number;
}

/** Bytes that bill nothing. */
export function framing(bytes: string | Buffer, reported?: TokenCounts): Step {
  return reported === undefined
    ? { bytes, visible: 0, reasoning: 0 }
    : { bytes, visible: 0, reasoning: 0, reported };
}

/** A reply of one body. */
export function wholeReply(step: Step, billedInput: TokenCounts, more?: Partial<Reply>): Reply {
  return {
    status: 200,
    headers: {},
    contentType: jsonContentType,
    steps: [step],
    errorEvent: null,
    billedInput,
    toolCalls: 0,
    ...more,
  };
}

export const jsonContentType = "application/json";
export const streamContentType = "text/event-stream; charset=utf-8";
/** Every `created` is this: replies carry no clock. */
export const createdSeconds = 1_700_000_000;
