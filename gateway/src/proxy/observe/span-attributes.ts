import type { Attributes } from "@opentelemetry/api";
import { attributeNames as names } from "../../shell/telemetry-names.ts";
import { attemptErrorType, errorTypeOf } from "./error-type.ts";
import type { ObservedAttempt, ObservedCall, ObservedDecision } from "./observed-call.ts";
import { operationName } from "./operation-name.ts";
import { answeredByWeir, type ProviderIdentity } from "./provider-name.ts";
import { tokenTotals } from "./token-totals.ts";

/** What this point decides about; other points have spans of their own. */
const GUARDRAIL = "weir/llm_call";
const MAX_RULE_IDS = 16;

/** Attributes by which a sampler may choose, so known before all others. */
export function identifyingAttributes(
  call: ObservedCall,
  identity: ProviderIdentity | null,
): Attributes {
  const attributes: Attributes = {
    [names.operationName]: operationName(call.operation),
    [names.providerName]: identity?.name ?? answeredByWeir,
  };
  if (call.model !== "") attributes[names.requestModel] = call.model;
  if (identity !== null) {
    attributes[names.serverAddress] = identity.address;
    attributes[names.serverPort] = identity.port;
  }
  return attributes;
}

/** All the others: never a prompt's or an answer's text, never a person. */
export function callAttributes(call: ObservedCall): Attributes {
  const attributes: Attributes = {
    [names.callId]: call.id,
    [names.operation]: call.operation,
    [names.outcome]: call.outcome,
    [names.overhead]: call.overheadMs / 1000,
    [names.usageSource]: call.usage.source,
    [names.streamEnd]: call.usage.streamEnd,
  };
  const errorType = errorTypeOf(call);
  if (errorType !== null) attributes[names.errorType] = errorType;
  if (call.provider !== null) attributes[names.provider] = call.provider.name;
  if (call.conversationId !== "") attributes[names.conversationId] = call.conversationId;
  if (call.maxTokens !== null) attributes[names.requestMaxTokens] = call.maxTokens;
  addResponse(attributes, call);
  addUsage(attributes, call);
  if (call.decision !== null) addDecision(attributes, call.decision);
  return attributes;
}

function addResponse(attributes: Attributes, call: ObservedCall): void {
  if (call.responseId !== "") attributes[names.responseId] = call.responseId;
  if (call.modelUsed !== "") attributes[names.responseModel] = call.modelUsed;
  if (call.finishReasons.length > 0) {
    attributes[names.responseFinishReasons] = [...call.finishReasons];
  }
  if (!call.stream) return;
  attributes[names.requestStream] = true;
  if (call.timeToFirstByteMs !== null) {
    attributes[names.timeToFirstChunk] = call.timeToFirstByteMs / 1000;
  }
}

function addUsage(attributes: Attributes, { usage: { tokens } }: ObservedCall): void {
  if (tokens === null) return;
  const { input, output, cacheCreation } = tokenTotals(tokens);
  attributes[names.inputTokens] = input;
  attributes[names.outputTokens] = output;
  if (tokens.cacheRead > 0) attributes[names.cacheReadTokens] = tokens.cacheRead;
  if (cacheCreation > 0) attributes[names.cacheCreationTokens] = cacheCreation;
  if (tokens.outputReasoning > 0) attributes[names.reasoningTokens] = tokens.outputReasoning;
}

function addDecision(attributes: Attributes, decision: ObservedDecision): void {
  attributes[names.guardrailName] = GUARDRAIL;
  attributes[names.verdictType] = decision.effect;
  attributes[names.policyVersion] = decision.revision;
  attributes[names.policyRuleIds] = decision.ruleIds.slice(0, MAX_RULE_IDS);
  attributes[names.decisionId] = decision.id;
}

/** One request to a provider, by the conventions for HTTP clients; the URL may hold a key. */
export function attemptAttributes(
  attempt: ObservedAttempt,
  identity: ProviderIdentity,
  resendCount: number,
): Attributes {
  const attributes: Attributes = {
    [names.httpMethod]: attempt.method,
    [names.serverAddress]: identity.address,
    [names.serverPort]: identity.port,
    [names.provider]: attempt.provider.name,
  };
  if (attempt.model !== "") attributes[names.requestModel] = attempt.model;
  if (attempt.status > 0) attributes[names.httpStatus] = attempt.status;
  if (resendCount > 0) attributes[names.httpResendCount] = resendCount;
  const errorType = attemptErrorType(attempt);
  if (errorType !== null) attributes[names.errorType] = errorType;
  return attributes;
}
