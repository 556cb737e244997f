/** A client's dialect as translation reads and writes it. */
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import type { JsonObject } from "../dialects/json-body.ts";
import type { FieldNames } from "./upstream/rehearse.ts";

export interface ParsedRequest {
  options: LanguageModelV4CallOptions;
  /** The client wants to be told the usage, where its dialect leaves that to it. */
  usageAsked: boolean;
}

/** What an answer tells of its call. */
export interface AnswerContext {
  callId: string;
  /** As the client named it. */
  model: string;
  createdSeconds: number;
  usageAsked: boolean;
}

export type Finish = Extract<LanguageModelV4StreamPart, { type: "finish" }>;

/** What a provider says instead of an answer, or amid one. */
export interface UpstreamError {
  /** HTTP status that says the same; of an error inside a stream, the nearest one. */
  status: number;
  message: string;
}

export interface StreamRenderer {
  /** Frames for one part; null when it needs none. @throws UnreadableAnswer */
  part(part: LanguageModelV4StreamPart): string | null;
  /** The end: everything before the terminal event, and that event. */
  end(finish: Finish): [before: string, last: string];
  error(error: UpstreamError): string;
}

export interface ClientDialect<Target extends string> {
  readonly fields: FieldNames;
  /** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
  parse(body: JsonObject, target: Target): ParsedRequest;
  /** @throws UnreadableAnswer */
  renderAnswer(result: LanguageModelV4GenerateResult, context: AnswerContext): JsonObject;
  streamRenderer(context: AnswerContext): StreamRenderer;
  errorStatus(status: number): number;
  renderError(error: UpstreamError, context: AnswerContext): JsonObject;
}
