import type { Dialect, ResponseFacts } from "../dialects/dialect.ts";
import { JsonTap } from "./json-tap.ts";
import { StreamTap } from "./stream-tap.ts";

export interface MeteringTap {
  tap: StreamTap | JsonTap;
  /** The body is a stream of server-sent events. */
  streamed: boolean;
}

/** Chooses how an answer's body is read: an error body says nothing about usage. */
export function openTap(
  dialect: Dialect,
  answer: { status: number; contentType: string },
  stripUsageFrame: boolean,
): MeteringTap {
  if (answer.contentType.toLowerCase().startsWith("text/event-stream")) {
    return { tap: new StreamTap(dialect.streamMeter({ stripUsageFrame })), streamed: true };
  }
  const failed = answer.status >= 400;
  const read = (body: unknown): ResponseFacts => dialect.meterJson(failed ? undefined : body);
  return { tap: new JsonTap(read), streamed: false };
}
