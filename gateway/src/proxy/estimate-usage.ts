/** Fills in what a broken-off stream never told, from what it had generated so far. */
import type { TokenCounts, Usage } from "../contracts/usage.ts";
import type { Answered } from "./attempt.ts";
import { noTokens } from "./dialects/token-counts.ts";
import { priceFacts } from "./ending.ts";
import { textOfRequest } from "./estimate/text-of-request.ts";
import type { Ending, Exchange } from "./exchange.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { PreparedCall } from "./prepared-call.ts";

/** Puts an estimate, and its price, where the provider of a broken-off answer told no usage. */
export async function estimateUntold(
  { startedAtMs }: Exchange,
  ending: Ending,
  answered: Answered,
  call: PreparedCall,
  context: PipelineContext,
): Promise<void> {
  const usage = await estimatedUsage(ending.usage, answered, call, context);
  if (usage === null) return;
  const { upstream, model } = answered.outgoing.target;
  const priced = priceFacts(usage, answered.durationMs, startedAtMs);
  ending.usage = usage;
  ending.cost = context.pricer.price(upstream.name, model, usage.tokens, priced);
}

/**
 * The usage of an attempt that ended early, estimated with a tokenizer and marked so; null when
 * there is nothing to go by or the provider has said the last word itself. What the provider told
 * before it was cut off is kept: a count of its own is never lowered.
 */
async function estimatedUsage(
  usage: Usage,
  { facts, relayed, outgoing }: Answered,
  { payload }: PreparedCall,
  context: PipelineContext,
): Promise<Usage | null> {
  const isOver = usage.source === "provider_final" || facts.usageIsFinal;
  if (isOver || usage.streamEnd === "complete" || !context.metering.estimate) return null;
  if (!relayed.streamed || relayed.upstreamStatus !== 200) return null;
  // An error as the first event: nothing was generated, and nothing is billed.
  if (facts.errorInStream && facts.output.length === 0) return null;
  const told = usage.tokens;
  const counted = await context.estimator.estimate({
    input: told === null && payload.kind === "json" ? textOfRequest(payload.body) : null,
    output: facts.output,
    model: outgoing.target.model,
  });
  if (counted === null) return null;
  const tokens = merged(told, counted.inputTokens, counted.outputTokens);
  return { ...usage, tokens, source: "estimated" };
}

function merged(
  told: TokenCounts | null,
  inputTokens: number | null,
  outputTokens: number,
): TokenCounts {
  const known = told ?? { ...noTokens(), inputUncached: inputTokens ?? 0 };
  // Which of it was reasoning cannot be told from text alone.
  const missing = outputTokens - known.outputVisible - known.outputReasoning;
  return { ...known, outputVisible: known.outputVisible + Math.max(0, missing) };
}
