import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseJson } from "../sse-frame.ts";
import { mergeUsage, messagesTokens, serverToolCalls } from "./usage.ts";

function readUsage(facts: ResponseFacts, usage: JsonObject): void {
  facts.tokens = messagesTokens(usage);
  facts.rawUsage = JSON.stringify(usage);
  facts.serverToolCalls = serverToolCalls(usage);
}

export function meterMessagesJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  if (typeof body["model"] === "string") facts.modelUsed = body["model"];
  if (isJsonObject(body["usage"])) readUsage(facts, body["usage"]);
  facts.usageIsFinal = facts.tokens !== null;
  facts.ended = true;
  const content = Array.isArray(body["content"]) ? body["content"] : [];
  facts.toolCallCount = content.filter(
    (block) => isJsonObject(block) && block["type"] === "tool_use",
  ).length;
  return facts;
}

/** Text and thinking deltas, the bulk of a stream, say nothing that is metered. */
const DELTA = '"content_block_delta"';

class MessagesStreamMeter implements StreamMeter {
  readonly #facts = unknownResponse();
  #usage: JsonObject = {};

  frame(frame: Buffer): FrameVerdict {
    if (frame.includes("event: content_block_delta") && frame.includes(DELTA)) return "forward";
    const event = sseJson(frame);
    return isJsonObject(event) ? this.#event(event) : "forward";
  }

  #event(event: JsonObject): FrameVerdict {
    const facts = this.#facts;
    switch (event["type"]) {
      case "message_start": {
        const message = event["message"];
        if (!isJsonObject(message)) break;
        if (typeof message["model"] === "string") facts.modelUsed = message["model"];
        this.#mergeUsage(message["usage"]);
        break;
      }
      case "content_block_start": {
        const block = event["content_block"];
        if (isJsonObject(block) && block["type"] === "tool_use") facts.toolCallCount += 1;
        break;
      }
      case "message_delta":
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
