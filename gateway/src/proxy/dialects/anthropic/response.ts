import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { jsonPieceAt } from "../json-piece.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseJson } from "../sse-frame.ts";
import { mergeUsage, messagesTokens, serverToolCalls } from "./usage.ts";

function readUsage(facts: ResponseFacts, usage: JsonObject): void {
  facts.tokens = messagesTokens(usage);
  facts.rawUsage = JSON.stringify(usage);
  facts.serverToolCalls = serverToolCalls(usage);
}

function readNames(facts: ResponseFacts, message: JsonObject): void {
  if (typeof message["model"] === "string") facts.modelUsed = message["model"];
  if (typeof message["id"] === "string") facts.responseId = message["id"];
}

function readStop(facts: ResponseFacts, told: unknown): void {
  const reason = isJsonObject(told) ? told["stop_reason"] : undefined;
  if (typeof reason === "string") facts.finishReasons = [reason];
}

export function meterMessagesJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  readNames(facts, body);
  readStop(facts, body);
  if (isJsonObject(body["usage"])) readUsage(facts, body["usage"]);
  facts.usageIsFinal = facts.tokens !== null;
  facts.ended = true;
  const content = Array.isArray(body["content"]) ? body["content"] : [];
  facts.toolCallCount = content.filter(
    (block) => isJsonObject(block) && block["type"] === "tool_use",
  ).length;
  return facts;
}

/** What stands before a piece of generated text in a frame as the API writes it. */
const PIECE =
  /"delta":\{"type":"(?:text_delta","text|thinking_delta","thinking|input_json_delta","partial_json)":"/g;

/** Members of a delta that hold generated text. */
const generated = ["text", "thinking", "partial_json"] as const;

class MessagesStreamMeter implements StreamMeter {
  readonly #facts = unknownResponse();
  #usage: JsonObject = {};

  frame(frame: Buffer): FrameVerdict {
    if (this.#readUsualDelta(frame)) return "forward";
    const event = sseJson(frame);
    return isJsonObject(event) ? this.#event(event) : "forward";
  }

  /** Deltas are the bulk of a stream, and of each only the piece of text is of interest. */
  #readUsualDelta(frame: Buffer): boolean {
    if (!frame.includes("event: content_block_delta")) return false;
    const latin1 = frame.toString("latin1");
    PIECE.lastIndex = 0;
    if (!PIECE.test(latin1)) return false;
    const piece = jsonPieceAt(frame, latin1, PIECE.lastIndex);
    if (piece === null || PIECE.test(latin1)) return false;
    this.#facts.output.append(piece.value);
    return true;
  }

  #event(event: JsonObject): FrameVerdict {
    const facts = this.#facts;
    switch (event["type"]) {
      case "message_start": {
        const message = event["message"];
        if (!isJsonObject(message)) break;
        readNames(facts, message);
        this.#mergeUsage(message["usage"]);
        break;
      }
      case "content_block_delta": {
        const delta = event["delta"];
        if (isJsonObject(delta)) for (const name of generated) facts.output.append(delta[name]);
        break;
      }
      case "content_block_start": {
        const block = event["content_block"];
        if (isJsonObject(block) && block["type"] === "tool_use") facts.toolCallCount += 1;
        break;
      }
      case "message_delta":
        readStop(facts, event["delta"]);
        this.#mergeUsage(event["usage"]);
        break;
      case "error":
        facts.errorInStream = true;
        break;
      case "message_stop":
        facts.usageIsFinal = facts.tokens !== null;
        facts.ended = true;
        return "terminal";
      default:
    }
    return "forward";
  }

  #mergeUsage(usage: unknown): void {
    if (!isJsonObject(usage)) return;
    this.#usage = mergeUsage(this.#usage, usage);
    readUsage(this.#facts, this.#usage);
  }

  facts(): ResponseFacts {
    return this.#facts;
  }
}

export function messagesStreamMeter(): StreamMeter {
  return new MessagesStreamMeter();
}
