/**
 * What the pipeline needs from a wire format. Everything particular to one format lives in
 * `dialects/<name>/`; shared code never asks which dialect it has.
 */
import type { TokenCounts } from "../../contracts/usage.ts";
import type { Refusal } from "../refusal.ts";
import type { JsonObject, MemberEdit } from "./json-body.ts";

/** The facts of a request that policy and the record need; never its text. */
export interface CallFacts {
  model: string;
  stream: boolean;
  toolNames: string[];
  maxTokens: number | null;
  messageCount: number;
  toolResultCount: number;
}

/** What a response told about itself. `tokens` null = it said nothing about usage. */
export interface ResponseFacts {
  modelUsed: string;
  tokens: TokenCounts | null;
  rawUsage: string;
  /** The usage is the provider's last word on this call. */
  usageIsFinal: boolean;
  /** The answer's own sign of being complete has been seen. */
  ended: boolean;
  serverToolCalls: Record<string, number>;
  toolCallCount: number;
  /** An error event arrived inside a stream that had begun with status 200. */
  errorInStream: boolean;
}

/**
 * What to do with one SSE frame: pass it on, leave it out (only a frame that we ourselves asked
 * the provider for), or pass it on as the one after which the answer is complete.
 */
export type FrameVerdict = "forward" | "strip" | "terminal";

export interface StreamMeter {
  frame(frame: Buffer): FrameVerdict;
  facts(): ResponseFacts;
}

export interface RenderedRefusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Dialect {
  readonly name: string;
  /** Kind of provider that speaks this dialect. */
  readonly providerDialect: "openai" | "anthropic";
  /** Path below the provider's base URL. */
  readonly upstreamPath: string;
  readonly modelsPath: string;
  /** Top-level members that decide something; a second spelling of one is refused. */
  readonly governedMembers: readonly string[];
  /** Header that carries the provider's key. */
  credentialHeader(apiKey: string): [name: string, value: string];
  /** @throws Refusal WEIR_FIELD_INVALID */
  describe(body: JsonObject): CallFacts;
  /** Edits that metering needs, and whether the frame which they cause must be stripped again. */
  meteringEdits(body: JsonObject): { edits: MemberEdit[]; stripUsageFrame: boolean };
  capMaxTokens(body: JsonObject, maxTokens: number): MemberEdit[];
  setModel(model: string): MemberEdit[];
  stripTools(body: JsonObject, toolNames: ReadonlySet<string>): MemberEdit[];
  streamMeter(options: { stripUsageFrame: boolean }): StreamMeter;
  /** Facts of a whole JSON response; `body` is unknown JSON, or undefined if it did not parse. */
  meterJson(body: unknown): ResponseFacts;
  /** A model list in this dialect's shape. */
  modelList(modelIds: readonly string[]): string;
  renderRefusal(refusal: Refusal, ids: { callId: string; decisionId: string }): RenderedRefusal;
  /** An SSE frame that tells the client of a stream which has begun that it ends here. */
  renderStreamError(refusal: Refusal, ids: { callId: string; decisionId: string }): string;
}
