/**
 * What the pipeline needs from a wire format. Everything particular to one format lives in
 * `dialects/<name>/`; shared code never asks which dialect it has.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ProviderDialect } from "../../config/schema.ts";
import type { ActionAnswer } from "../../contracts/api/actions.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { TokenCounts } from "../../contracts/usage.ts";
import type { AskedToolCall } from "../govern/tool-gate.ts";
import type { Refusal } from "../refusal.ts";
import type { ConversationPiece } from "./conversation-piece.ts";
import type { JsonObject, MemberEdit } from "./json-body.ts";
import type { OutputText } from "./output-text.ts";

/** The facts of a request that policy and the record need; never its text. */
export interface CallFacts {
  /** Empty when the operation names no model. */
  model: string;
  stream: boolean;
  toolNames: string[];
  maxTokens: number | null;
  /** Answers that are generated for this one request; left out = 1. */
  answers?: number;
  messageCount: number;
  toolResultCount: number;
  /** Ids of state kept at one provider that this call builds on: it must go to the same one. */
  stateIds: readonly string[];
  /** Whom the body says it is for; proves nothing. */
  assertedUserId: string;
  /** The call itself says that it is not the person's work, for example a prewarming. */
  auxiliary: boolean;
}

/** What a response told about itself. `tokens` null = it said nothing about usage. */
export interface ResponseFacts {
  modelUsed: string;
  /** The provider's id of the answer, by which later calls may build on it. */
  responseId: string;
  /** Further ids of state that later calls may name. */
  stateIds: string[];
  finishReasons: string[];
  tokens: TokenCounts | null;
  /** The provider's own total, to be held against the sum of `tokens`; null = it told none. */
  totalTokens: number | null;
  rawUsage: string;
  /** The usage is the provider's last word on this call. */
  usageIsFinal: boolean;
  /** The answer's own sign of being complete has been seen. */
  ended: boolean;
  serverToolCalls: Record<string, number>;
  toolCallCount: number;
  /** An error event arrived inside a stream that had begun with status 200. */
  errorInStream: boolean;
  /** The usage belongs to another call, whose row has it. */
  isBilledElsewhere?: boolean;
  /** What a stream has generated so far, for an estimate should its usage never be told. */
  output: OutputText;
}

/**
 * What to do with one frame of a stream: pass it on, leave it out (only a frame that we ourselves
 * asked the provider for), or pass it on as the one after which the answer is complete.
 */
export type FrameVerdict = "forward" | "strip" | "terminal";

export interface StreamMeter {
  frame(frame: Buffer): FrameVerdict;
  facts(): ResponseFacts;
}

export interface CallIds {
  callId: string;
  decisionId: string;
}

export interface RenderedRefusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A complete answer with status 200. */
export interface RenderedAnswer {
  contentType: string;
  body: string;
}

export interface RequestHead {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** With its question mark; empty when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
}

interface OperationBase {
  /** The one canonical id of what is served here, whatever the spelling of the path. */
  readonly id: string;
  readonly dialect: Dialect;
  /** False where tokens or models cannot be seen: denied unless policy allows it. */
  readonly metered: boolean;
  /** Not the person's own work: token counting, listing. */
  readonly auxiliary: boolean;
  /** Later calls may build on what the provider keeps of this one, so they must go to the same. */
  readonly keepsState?: boolean;
  /** No provider bills for it. */
  readonly free: boolean;
  /** Path below the provider's base URL. */
  upstreamPath(model: string): string;
}

/** Reads an answer. Forms and JSON bodies share it. */
interface MeteredAnswer {
  streamMeter(options: { stripUsageFrame: boolean }): StreamMeter;
  /** Facts of a whole JSON response; `body` is unknown JSON, or undefined if it did not parse. */
  meterJson(body: unknown): ResponseFacts;
}

/** A JSON object in, JSON or a stream out. */
export interface JsonOperation extends OperationBase, MeteredAnswer {
  readonly kind: "json";
  /** Top-level members that decide something; a second spelling of one is refused. */
  readonly governedMembers: readonly string[];
  /** A stream that is not server-sent events is one JSON array. */
  readonly streamsJsonArray: boolean;
  /** @throws Refusal WEIR_FIELD_INVALID */
  describe(body: JsonObject): CallFacts;
  /** Edits that metering needs, and whether the frame which they cause must be stripped again. */
  meteringEdits(body: JsonObject): { edits: MemberEdit[]; stripUsageFrame: boolean };
  capMaxTokens(body: JsonObject, maxTokens: number): MemberEdit[];
  setModel(model: string, body: JsonObject): MemberEdit[];
  stripTools(body: JsonObject, toolNames: ReadonlySet<string>): MemberEdit[];
  /** Who said what, for the provenance of arguments; left out = it is no conversation. */
  conversationOf?(body: JsonObject): ConversationPiece[];
  /** A denial as a normal answer of the model; null where the operation has no such thing. */
  softDenial(
    text: string,
    asked: { model: string; stream: boolean; id: string },
  ): RenderedAnswer | null;
}

/** A multipart form in: it streams through as soon as the fields that decide are known. */
export interface FormOperation extends OperationBase, MeteredAnswer {
  readonly kind: "form";
  /** Text fields that decide something; the form is held until the first of `needed` has come. */
  readonly governedFields: readonly string[];
  readonly neededField: string | null;
  /** @throws Refusal WEIR_FIELD_INVALID */
  describe(fields: ReadonlyMap<string, string>): CallFacts;
}

/** Bytes both ways: of the answer nothing is known but its size, unless `meterJson` can tell. */
export interface OpaqueOperation extends OperationBase {
  readonly kind: "opaque";
  readonly method: string;
  /** For a provider that the path itself names. */
  readonly providerName: string | null;
  /** State at one provider that the path names, for example a response's id. */
  readonly stateIds: readonly string[];
  readonly meterJson: ((body: unknown) => ResponseFacts) | null;
  /** Changes a JSON answer that would lead the client past the gateway, its key in hand. */
  readonly rewriteAnswer?: (json: string, gatewayOrigin: string) => string;
}

/** The list of models, or one of them. */
export interface ModelsOperation extends OperationBase {
  readonly kind: "models";
  /** The operation that calls such a model, by which it may be one of another dialect. */
  readonly calledBy?: string;
  /** The one model that is asked for; null = all. */
  readonly modelId: string | null;
  /** Ids in a provider's list, without what the dialect puts before them. */
  readIds(list: unknown): string[];
  renderList(modelIds: readonly string[]): string;
  renderModel(modelId: string): string;
}

/** A question whether a tool may be called: Weir answers it by itself. */
export interface ActionOperation extends OperationBase {
  readonly kind: "action";
  /** As with a {@link JsonOperation}. */
  readonly governedMembers: readonly string[];
  /** @throws Refusal WEIR_FIELD_INVALID */
  read(body: JsonObject, principal: Principal): AskedToolCall;
  render(answer: ActionAnswer): string;
}

export type Operation =
  | JsonOperation
  | FormOperation
  | OpaqueOperation
  | ModelsOperation
  | ActionOperation;

export interface Dialect {
  readonly name: string;
  /** Kind of provider that speaks this dialect. */
  readonly providerDialect: ProviderDialect;
  /** What a request is for, or null if it is not of this dialect. */
  match(head: RequestHead): Operation | null;
  renderRefusal(refusal: Refusal, ids: CallIds): RenderedRefusal;
  /**
   * A frame that tells the client of a stream which has begun that it ends here.
   * @param soFar - what the stream has told of itself by then.
   */
  renderStreamError(
    refusal: Refusal,
    ids: CallIds,
    soFar?: Pick<ResponseFacts, "responseId" | "modelUsed">,
  ): string;
}
