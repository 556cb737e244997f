import type { TokenCounts } from "../contracts/index.ts";

/** Bytes that are sent in one go, and what they add to the bill. */
export interface Step {
  readonly bytes: string;
  readonly visible: number;
  readonly reasoning: number;
  /** Usage that these bytes tell the client, which replaces whatever was told before. */
  readonly reported?: TokenCounts;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** Bytes that bill nothing. */
export function framing(bytes: string, reported?: TokenCounts): Step {
  return reported === undefined
    ? { bytes, visible: 0, reasoning: 0 }
    : { bytes, visible: 0, reasoning: 0, reported };
}

export const jsonContentType = "application/json";
export const streamContentType = "text/event-stream; charset=utf-8";
/** Every `created` is this: replies carry no clock. */
export const createdSeconds = 1_700_000_000;
