import { ROOT_CONTEXT, type Attributes, type Histogram, type Meter } from "@opentelemetry/api";
import { attributeNames as names, histograms } from "../../shell/telemetry-names.ts";
import { AnsweredModels } from "./answered-models.ts";
import { errorTypeOf } from "./error-type.ts";
import type { ObservedCall } from "./observed-call.ts";
import type { ProviderIdentity } from "./provider-name.ts";
import { identifyingAttributes } from "./span-attributes.ts";
import { tokenTotals } from "./token-totals.ts";

/** The conventions' histograms of GenAI clients. */
export class CallMetrics {
  readonly #tokenUsage: Histogram;
  readonly #duration: Histogram;
  readonly #timeToFirstChunk: Histogram;
  readonly #models = new AnsweredModels();

  constructor(meter: Meter) {
    this.#tokenUsage = createHistogram(meter, histograms.tokenUsage);
    this.#duration = createHistogram(meter, histograms.operationDuration);
    this.#timeToFirstChunk = createHistogram(meter, histograms.timeToFirstChunk);
  }

  record(call: ObservedCall, identity: ProviderIdentity | null): void {
    const answered = call.upstreamStatus >= 200 && call.upstreamStatus < 300;
    const model = this.#models.label(call.model, answered) ?? "";
    const attributes = identifyingAttributes({ ...call, model }, identity);
    this.#recordTokens(call, attributes);
    if (call.stream && call.timeToFirstByteMs !== null) {
      this.#timeToFirstChunk.record(call.timeToFirstByteMs / 1000, attributes, ROOT_CONTEXT);
    }
    const errorType = errorTypeOf(call);
    const ended = errorType === null ? attributes : { ...attributes, [names.errorType]: errorType };
    this.#duration.record(call.durationMs / 1000, ended, ROOT_CONTEXT);
  }

  /** What the provider told; an estimate is never mixed into its figures. */
  #recordTokens({ usage: { tokens, source } }: ObservedCall, attributes: Attributes): void {
    if (tokens === null || source === "estimated") return;
    const { input, output } = tokenTotals(tokens);
    this.#tokenUsage.record(input, { ...attributes, [names.tokenType]: "input" }, ROOT_CONTEXT);
    this.#tokenUsage.record(output, { ...attributes, [names.tokenType]: "output" }, ROOT_CONTEXT);
  }
}

function createHistogram(
  meter: Meter,
  { name, unit, description, boundaries }: (typeof histograms)[keyof typeof histograms],
): Histogram {
  const advice = { explicitBucketBoundaries: [...boundaries] };
  return meter.createHistogram(name, { unit, description, advice });
}
