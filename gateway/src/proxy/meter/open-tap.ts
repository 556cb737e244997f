import type {
  FormOperation,
  JsonOperation,
  OpaqueOperation,
  ResponseFacts,
} from "../dialects/dialect.ts";
import { unknownResponse } from "../dialects/response-facts.ts";
import { JsonTap, MAX_HELD_BYTES } from "./json-tap.ts";
import { JsonArrayFrames } from "./json-array-frames.ts";
import { MAX_FRAME_BYTES, StreamTap } from "./stream-tap.ts";

export interface MeteringTap {
  tap: StreamTap | JsonTap;
  /** The body is a stream of frames that can be read. */
  streamed: boolean;
  /** Its length may not be what the provider says. */
  isChanged: boolean;
}

export interface AnswerHead {
  status: number;
  contentType: string;
  contentEncoding: string;
}

/** Chooses how an answer's body is read: an error body says nothing about usage. */
export function openTap(
  operation: JsonOperation | FormOperation | OpaqueOperation,
  answer: AnswerHead,
  asked: { stripUsageFrame: boolean; isStreamAsked: boolean; gatewayOrigin: () => string },
): MeteringTap {
  const meterJson = operation.meterJson ?? (() => ({ ...unknownResponse(), ended: true }));
  const read = (body: unknown): ResponseFacts => meterJson(answer.status >= 400 ? undefined : body);
  const contentType = answer.contentType.toLowerCase();
  // Compressed in a way that nobody here can undo: it passes as it is, and nothing is known of it.
  if (!["", "identity"].includes(answer.contentEncoding.toLowerCase())) {
    return { tap: new JsonTap(read, 0), streamed: false, isChanged: false };
  }
  if (contentType.startsWith("text/event-stream")) {
    const meter = operation.kind === "opaque" ? unreadStream : operation.streamMeter(asked);
    return { tap: new StreamTap(meter), streamed: true, isChanged: true };
  }
  const isArray = operation.kind === "json" && operation.streamsJsonArray && asked.isStreamAsked;
  if (isArray && answer.status < 400) {
    const frames = new JsonArrayFrames(MAX_FRAME_BYTES);
    return {
      tap: new StreamTap(operation.streamMeter(asked), frames),
      streamed: true,
      isChanged: true,
    };
  }
  // Only JSON says anything: audio, images and files pass through unread.
  const isJson = contentType.startsWith("application/json") || contentType === "";
  const rewriteAnswer = operation.kind === "opaque" ? operation.rewriteAnswer : undefined;
  if (isJson && rewriteAnswer !== undefined) {
    const rewrite = (body: string) => rewriteAnswer(body, asked.gatewayOrigin());
    return { tap: new JsonTap(read, MAX_HELD_BYTES, rewrite), streamed: false, isChanged: true };
  }
  return { tap: new JsonTap(read, isJson ? MAX_HELD_BYTES : 0), streamed: false, isChanged: false };
}

/** A stream whose frames nobody here understands ends when its connection does. */
const unreadStream = {
  frame: () => "forward" as const,
  facts: () => ({ ...unknownResponse(), ended: true }),
};
