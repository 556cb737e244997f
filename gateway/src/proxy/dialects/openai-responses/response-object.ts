import type { ResponseFacts } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { count, member } from "../token-counts.ts";
import { addStateId, readOutputItem } from "./output-items.ts";
import { responseTokens } from "./usage.ts";

/** Statuses after which a response changes no more. */
const FINAL = new Set<unknown>(["completed", "incomplete", "failed", "cancelled"]);

/** Model and ids, as soon as a response exists. */
export function readIdentity(facts: ResponseFacts, response: JsonObject): void {
  if (typeof response["model"] === "string") facts.modelUsed = response["model"];
  if (typeof response["id"] === "string") facts.responseId = response["id"];
  addStateId(facts, response["id"]);
  addStateId(facts, member(response, "conversation")?.["id"]);
}

/** A response that changes no more: its usage, how it ended, and, if it lists it, its output. */
export function readFinished(facts: ResponseFacts, response: JsonObject): void {
  readIdentity(facts, response);
  readOutput(facts, response["output"]);
  readUsage(facts, response);
  const reason = member(response, "incomplete_details")?.["reason"];
  const reasons = [response["status"], reason].filter((each) => typeof each === "string");
  facts.finishReasons = reasons;
}

/** Some providers leave the output out of the closing event: what was counted on the way remains. */
function readOutput(facts: ResponseFacts, output: unknown): void {
  if (!Array.isArray(output) || output.length === 0) return;
  facts.toolCallCount = 0;
  facts.serverToolCalls = {};
  for (const item of output) if (isJsonObject(item)) readOutputItem(facts, item);
}

function readUsage(facts: ResponseFacts, response: JsonObject): void {
  const { usage, tool_usage: toolUsage } = response;
  const searches = count(member(toolUsage, "web_search"), "num_requests");
  if (searches !== null && searches > 0) facts.serverToolCalls["web_search_call"] = searches;
  if (!isJsonObject(usage)) return;
  facts.tokens = responseTokens(usage);
  facts.totalTokens = count(usage, "total_tokens");
  // Tools that bill tokens of another model tell them beside the usage.
  facts.rawUsage = JSON.stringify(
    isJsonObject(toolUsage) ? { ...usage, tool_usage: toolUsage } : usage,
  );
  facts.usageIsFinal = facts.tokens !== null;
}

/** A whole answer to `POST /v1/responses`; in the background it has been queued and tells no usage. */
export function meterResponseJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  readFinished(facts, body);
  facts.ended = true;
  return facts;
}

/**
 * A response that is asked for again: only one that ran in the background has a usage that nobody
 * has told yet, and only once it is finished.
 */
export function meterBackgroundJson(body: unknown): ResponseFacts {
  if (!isJsonObject(body) || body["background"] !== true || !FINAL.has(body["status"])) {
    return unknownResponse();
  }
  return meterResponseJson(body);
}
