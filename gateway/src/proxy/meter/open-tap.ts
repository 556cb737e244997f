import type { Dialect, ResponseFacts } from "../dialects/dialect.ts";
import { JsonTap, MAX_HELD_BYTES } from "./json-tap.ts";
import { StreamTap } from "./stream-tap.ts";

export interface MeteringTap {
  tap: StreamTap | JsonTap;
  /** The body is a stream of server-sent events that can be read. */
  streamed: boolean;
}

export interface AnswerHead {
  status: number;
  contentType: string;
  contentEncoding: string;
}

/** Chooses how an answer's body is read: an error body says nothing about usage. */
export function openTap(
  dialect: Dialect,
  answer: AnswerHead,
  stripUsageFrame: boolean,
): MeteringTap {
  const read = (body: unknown): ResponseFacts =>
    dialect.meterJson(answer.status >= 400 ? undefined : body);
  // Sent compressed though we asked for identity: it passes as it is, and nothing is known of it.
  if (!["", "identity"].includes(answer.contentEncoding.toLowerCase())) {
    return { tap: new JsonTap(read, 0), streamed: false };
  }
  if (answer.contentType.toLowerCase().startsWith("text/event-stream")) {
    return { tap: new StreamTap(dialect.streamMeter({ stripUsageFrame })), streamed: true };
  }
  return { tap: new JsonTap(read, MAX_HELD_BYTES), streamed: false };
}
