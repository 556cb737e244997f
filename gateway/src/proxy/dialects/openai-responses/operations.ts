import type { Dialect, JsonOperation } from "../dialect.ts";
import type { JsonObject, MemberEdit } from "../json-body.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { unknownResponse } from "../response-facts.ts";
import { count, noTokens } from "../token-counts.ts";
import { responsesConversation } from "./conversation.ts";
import { describeResponse } from "./describe.ts";
import { ResponseEventMeter } from "./event-meter.ts";
import { meterResponseJson } from "./response-object.ts";
import { responseSoftDenial } from "./soft-denial.ts";
import { stripResponseTools } from "./strip-tools.ts";

const governedMembers = [
  "model",
  "stream",
  "input",
  "tools",
  "tool_choice",
  "prompt",
  "max_output_tokens",
  "previous_response_id",
  "conversation",
  "background",
  "generate",
];

export function createResponse(dialect: Dialect): JsonOperation {
  return simpleOperation({
    id: "responses",
    dialect,
    keepsState: true,
    upstreamPath: () => "/responses",
    governedMembers,
    describe: describeResponse,
    conversationOf: responsesConversation,
    capMaxTokens,
    stripTools: stripResponseTools,
    streamMeter: () => new ResponseEventMeter(),
    meterJson: meterResponseJson,
    softDenial: responseSoftDenial,
  });
}

/** Free of charge, but content leaves the company all the same: policy applies as to a response. */
export function countInputTokens(dialect: Dialect): JsonOperation {
  return simpleOperation({
    id: "responses.input_tokens",
    dialect,
    auxiliary: true,
    free: true,
    upstreamPath: () => "/responses/input_tokens",
    governedMembers,
    describe: describeResponse,
    stripTools: stripResponseTools,
    meterJson: (body) => {
      const counted = count(body, "input_tokens") !== null;
      const tokens = counted ? noTokens() : null;
      return { ...unknownResponse(), tokens, usageIsFinal: counted, ended: counted };
    },
  });
}

/** Shortens a conversation into encrypted content that only the same account can read. */
export function compactResponse(dialect: Dialect): JsonOperation {
  return simpleOperation({
    id: "responses.compact",
    dialect,
    keepsState: true,
    upstreamPath: () => "/responses/compact",
    governedMembers,
    describe: describeResponse,
    stripTools: stripResponseTools,
    streamMeter: () => new ResponseEventMeter(),
    meterJson: meterResponseJson,
  });
}

function capMaxTokens(body: JsonObject, maxTokens: number): MemberEdit[] {
  const asked = body["max_output_tokens"];
  if (typeof asked === "number" && asked <= maxTokens) return [];
  return [{ member: "max_output_tokens", json: String(maxTokens) }];
}
