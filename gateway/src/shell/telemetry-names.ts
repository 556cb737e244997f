/**
 * The OpenTelemetry names that Weir emits, all in this file. `gen_ai.*` are those of the semantic
 * conventions v1.41.1, the last tagged version that holds them, all of status Development:
 * https://github.com/open-telemetry/semantic-conventions/tree/v1.41.1/docs/gen-ai
 */

/** Attributes of spans and metrics. */
export const attributeNames = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  conversationId: "gen_ai.conversation.id",
  requestModel: "gen_ai.request.model",
  requestStream: "gen_ai.request.stream",
  requestMaxTokens: "gen_ai.request.max_tokens",
  responseId: "gen_ai.response.id",
  responseModel: "gen_ai.response.model",
  responseFinishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheReadTokens: "gen_ai.usage.cache_read.input_tokens",
  cacheCreationTokens: "gen_ai.usage.cache_creation.input_tokens",
  reasoningTokens: "gen_ai.usage.reasoning.output_tokens",
  tokenType: "gen_ai.token.type",

  // Stable conventions: general attributes and HTTP client spans.
  errorType: "error.type",
  serverAddress: "server.address",
  serverPort: "server.port",
  httpMethod: "http.request.method",
  httpStatus: "http.response.status_code",
  httpResendCount: "http.request.resend_count",

  callId: "weir.call.id",
  operation: "weir.operation",
  outcome: "weir.outcome",
  provider: "weir.provider",
  usageSource: "weir.usage.source",
  streamEnd: "weir.stream.end",
  overhead: "weir.overhead",

  // Mirrors gen_ai.security.* of open-telemetry/semantic-conventions-genai#427, which is not
  // merged: to be renamed when it is.
  guardrailName: "weir.security.guardrail.name",
  verdictType: "weir.security.verdict.type",
  policyVersion: "weir.security.policy.version",
  policyRuleIds: "weir.security.policy.rule.id",
  decisionId: "weir.security.decision.id",
} as const;

const durationBoundaries = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

/** Histograms, with their units and the bucket boundaries that the conventions ask for. */
export const histograms = {
  tokenUsage: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    description: "Number of input and output tokens used.",
    boundaries: [
      1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
      67_108_864,
    ],
  },
  operationDuration: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    description: "GenAI operation duration.",
    boundaries: durationBoundaries,
  },
  timeToFirstChunk: {
    name: "gen_ai.client.operation.time_to_first_chunk",
    unit: "s",
    description: "Time from the request to the first chunk of a streamed answer.",
    boundaries: durationBoundaries,
  },
} as const;

/** Under this name Weir's spans and metrics are told from those of other libraries. */
export const instrumentationScope = "weir";
export const schemaUrl = "https://opentelemetry.io/schemas/1.41.1";
