import type { ResponseFacts } from "../dialect.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { count } from "../token-counts.ts";
import { modelName } from "./path.ts";
import { hostedCalls } from "./server-tools.ts";
import { geminiTokens } from "./usage.ts";

/** What has been told of one candidate. */
interface CandidateSeen {
  /** Empty while its latest chunk names none. */
  finishReason: string;
  /** Told anew, not in addition, whenever it is told. */
  hosted: Record<string, number>;
  ranCode: number;
}

const MAX_CANDIDATES = 64;

/** Gathers the facts of an answer, chunk by chunk; a whole answer is one chunk. */
export class GeminiAnswer {
  readonly #facts = unknownResponse();
  readonly #candidates = new Map<number, CandidateSeen>();
  #blockReason = "";
  /** No content has come since usage was told last. */
  #usageIsFresh = false;

  add(chunk: JsonObject): void {
    const facts = this.#facts;
    if (isJsonObject(chunk["error"])) facts.errorInStream = true;
    if (typeof chunk["modelVersion"] === "string") {
      facts.modelUsed = modelName(chunk["modelVersion"]);
    }
    if (typeof chunk["responseId"] === "string") facts.responseId = chunk["responseId"];
    const feedback = chunk["promptFeedback"];
    const blocked = isJsonObject(feedback) ? nameOf(feedback["blockReason"]) : "";
    if (blocked !== "") this.#blockReason = blocked;
    for (const candidate of listed(chunk["candidates"])) this.#candidate(candidate);
    this.#usage(chunk["usageMetadata"]);
  }

  facts(): ResponseFacts {
    const facts = this.#facts;
    const candidates = [...this.#candidates.values()];
    const reasons = candidates.map(({ finishReason }) => finishReason);
    const finished = reasons.length > 0 && reasons.every((reason) => reason !== "");
    facts.ended = finished || (this.#blockReason !== "" && reasons.length === 0);
    facts.finishReasons = [...reasons, this.#blockReason].filter((reason) => reason !== "");
    facts.usageIsFinal = facts.ended && facts.tokens !== null && this.#usageIsFresh;
    facts.serverToolCalls = {};
    for (const { hosted, ranCode } of candidates) {
      for (const [tool, times] of [
        ...Object.entries(hosted),
        ["executable_code", ranCode],
      ] as const) {
        if (times > 0) facts.serverToolCalls[tool] = (facts.serverToolCalls[tool] ?? 0) + times;
      }
    }
    return facts;
  }

  #candidate(candidate: JsonObject): void {
    const index = count(candidate, "index") ?? 0;
    const seen = this.#candidates.get(index) ?? { finishReason: "", hosted: {}, ranCode: 0 };
    if (this.#candidates.size < MAX_CANDIDATES) this.#candidates.set(index, seen);
    const { content } = candidate;
    const parts = isJsonObject(content) ? listed(content["parts"]) : [];
    seen.finishReason =
      nameOf(candidate["finishReason"]) || (parts.length > 0 ? "" : seen.finishReason);
    Object.assign(seen.hosted, hostedCalls(candidate));
    if (parts.length > 0) this.#usageIsFresh = false;
    for (const part of parts) {
      if (isJsonObject(part["executableCode"])) seen.ranCode += 1;
      this.#part(part);
    }
  }

  #part(part: JsonObject): void {
    const { output } = this.#facts;
    output.append(part["text"]);
    const call = part["functionCall"];
    if (isJsonObject(call)) {
      // Arguments that are streamed come in further parts, without the name.
      if (typeof call["name"] === "string") this.#facts.toolCallCount += 1;
      output.append(call["name"]);
      if (call["args"] !== undefined) output.append(JSON.stringify(call["args"]));
    }
    const code = part["executableCode"];
    if (isJsonObject(code)) output.append(code["code"]);
  }

  /** Every chunk tells the usage so far: the last one that tells any counts, none is added. */
  #usage(usage: JsonValue | undefined): void {
    if (!isJsonObject(usage)) return;
    const facts = this.#facts;
    facts.tokens = geminiTokens(usage);
    facts.totalTokens = count(usage, "totalTokenCount");
    facts.rawUsage = JSON.stringify(usage);
    this.#usageIsFresh = true;
  }
}

function listed(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** An enumeration's value by its name, or by its number for clients that ask for that. */
function nameOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return typeof value === "number" && value > 0 ? String(value) : "";
}
