import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseData, sseJson } from "../sse-frame.ts";
import { chatTokens } from "./usage.ts";

function choices(body: JsonObject): JsonObject[] {
  const value = body["choices"];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function readUsage(facts: ResponseFacts, body: JsonObject): void {
  if (!isJsonObject(body["usage"])) return;
  facts.tokens = chatTokens(body["usage"]);
  facts.rawUsage = JSON.stringify(body["usage"]);
  facts.usageIsFinal = facts.tokens !== null;
}

export function meterChatJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  if (typeof body["model"] === "string") facts.modelUsed = body["model"];
  readUsage(facts, body);
  facts.ended = true;
  for (const choice of choices(body)) {
    const message = choice["message"];
    const calls = isJsonObject(message) ? message["tool_calls"] : undefined;
    if (Array.isArray(calls)) facts.toolCallCount += calls.length;
  }
  return facts;
}

/** Which frames are worth parsing: text deltas, the bulk of a stream, are not. */
const SIGNS = ['"usage"', '"tool_calls"', '"error"', "[DONE]"];

class ChatStreamMeter implements StreamMeter {
  readonly #facts = unknownResponse();
  readonly #stripUsageFrame: boolean;

  constructor(stripUsageFrame: boolean) {
    this.#stripUsageFrame = stripUsageFrame;
  }

  frame(frame: Buffer): FrameVerdict {
    if (this.#facts.modelUsed !== "" && !SIGNS.some((sign) => frame.includes(sign))) {
      return "forward";
    }
    if (frame.includes("[DONE]") && sseData(frame).trim() === "[DONE]") {
      this.#facts.ended = true;
      return "terminal";
    }
    const chunk = sseJson(frame);
    return isJsonObject(chunk) ? this.#chunk(chunk) : "forward";
  }

  #chunk(chunk: JsonObject): FrameVerdict {
    const facts = this.#facts;
    if (typeof chunk["model"] === "string" && facts.modelUsed === "") {
      facts.modelUsed = chunk["model"];
    }
    if (isJsonObject(chunk["error"])) facts.errorInStream = true;
    readUsage(facts, chunk);
    for (const choice of choices(chunk)) {
      const delta = choice["delta"];
      const calls = isJsonObject(delta) ? delta["tool_calls"] : undefined;
      // Only the first piece of a call carries its id; the others continue its arguments.
      if (Array.isArray(calls)) {
        facts.toolCallCount += calls.filter((call) => isJsonObject(call) && call["id"]).length;
      }
    }
    const isUsageFrame =
      isJsonObject(chunk["usage"]) &&
      Array.isArray(chunk["choices"]) &&
      chunk["choices"].length === 0;
    return isUsageFrame && this.#stripUsageFrame ? "strip" : "forward";
  }

  facts(): ResponseFacts {
    return this.#facts;
  }
}

export function chatStreamMeter(options: { stripUsageFrame: boolean }): StreamMeter {
  return new ChatStreamMeter(options.stripUsageFrame);
}
