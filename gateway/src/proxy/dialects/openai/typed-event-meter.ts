import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseJson } from "../sse-frame.ts";

/** Server-sent events that carry their `type` in the data, as speech, transcripts and images do. */
export interface TypedEvents {
  /** Events that tell nothing; they can be large, so they are not even parsed. */
  readonly skipped: readonly string[];
  /** Reads one event; true when it is the one after which the answer is complete. */
  readonly read: (facts: ResponseFacts, event: JsonObject) => boolean;
}

/** Where the type of a usual event stands, however large the event is. */
const HEAD_BYTES = 512;

export function typedEventMeter({ skipped, read }: TypedEvents): StreamMeter {
  const facts = unknownResponse();
  const signs = skipped.map((type) => `"type":"${type}"`);
  const frame = (bytes: Buffer): FrameVerdict => {
    const head = bytes.toString("latin1", 0, HEAD_BYTES);
    if (signs.some((sign) => head.includes(sign))) return "forward";
    const event = sseJson(bytes);
    if (!isJsonObject(event)) return "forward";
    if (event["type"] === "error" || isJsonObject(event["error"])) facts.errorInStream = true;
    facts.ended ||= read(facts, event);
    return facts.ended ? "terminal" : "forward";
  };
  return { frame, facts: () => facts };
}
