import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { jsonPieceAt } from "../json-piece.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseJson } from "../sse-frame.ts";
import { readOutputItem } from "./output-items.ts";
import { readFinished, readIdentity } from "./response-object.ts";

/** The events that are metered, besides deltas: what others tell comes again in these. */
const METERED = new Set([
  "error",
  "response.created",
  "response.queued",
  "response.output_item.done",
  "response.completed",
  "response.incomplete",
  "response.failed",
]);
const OPEN = '{"type":"';
const DELTA = '"delta":"';

/** Generated text comes in deltas of many kinds; sound is no text. */
function isDelta(type: string): boolean {
  return type.endsWith(".delta") && type !== "response.audio.delta";
}

function safeJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Meters one response by its events, in server-sent events or in WebSocket messages. There is no
 * `[DONE]`: the event with the finished response is the last one.
 */
export class ResponseEventMeter implements StreamMeter {
  readonly #facts = unknownResponse();

  /** One server-sent event. */
  frame(frame: Buffer): FrameVerdict {
    return this.#skim(frame) ? "forward" : this.#parsed(sseJson(frame));
  }

  /** One WebSocket message: the JSON text of an event. */
  message(json: Buffer): FrameVerdict {
    return this.#skim(json) ? "forward" : this.#parsed(safeJson(json));
  }

  /** One event that has been parsed already. */
  event(event: JsonObject): FrameVerdict {
    const facts = this.#facts;
    const { type, response, item, delta } = event;
    switch (type) {
      case "response.created":
      case "response.queued":
        if (isJsonObject(response)) readIdentity(facts, response);
        return "forward";
      case "response.output_item.done":
        if (isJsonObject(item)) readOutputItem(facts, item);
        return "forward";
      case "response.failed":
        facts.errorInStream = true;
        return this.#finished(response);
      case "response.completed":
      case "response.incomplete":
        return this.#finished(response);
      case "error":
        facts.errorInStream = true;
        return "forward";
      default:
        if (typeof type === "string" && isDelta(type)) facts.output.append(delta);
        return "forward";
    }
  }

  facts(): ResponseFacts {
    return this.#facts;
  }

  #parsed(event: unknown): FrameVerdict {
    return isJsonObject(event) ? this.event(event) : "forward";
  }

  #finished(response: unknown): FrameVerdict {
    if (isJsonObject(response)) readFinished(this.#facts, response);
    this.#facts.ended = true;
    return "terminal";
  }

  /**
   * Reads what the bulk of a stream consists of without parsing it; false = it must be parsed. Only
   * a type in first place is believed: behind it the caller's own words may follow (metadata).
   */
  #skim(bytes: Buffer): boolean {
    const latin1 = bytes.toString("latin1");
    const open = latin1.indexOf("{");
    if (open === -1 || !latin1.startsWith(OPEN, open)) return false;
    const typeAt = open + OPEN.length;
    const type = latin1.slice(typeAt, latin1.indexOf('"', typeAt));
    if (!isDelta(type)) return !METERED.has(type);
    const deltaAt = latin1.indexOf(DELTA, typeAt);
    const piece = deltaAt === -1 ? null : jsonPieceAt(bytes, latin1, deltaAt + DELTA.length);
    if (piece === null) return false;
    this.#facts.output.append(piece.value);
    return true;
  }
}
