import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type HrTime,
  type Span,
  type Tracer,
} from "@opentelemetry/api";
import { attemptErrorType, errorTypeOf } from "./error-type.ts";
import type { ObservedAttempt, ObservedCall } from "./observed-call.ts";
import { operationName } from "./operation-name.ts";
import type { ProviderIdentities } from "./provider-name.ts";
import { attemptAttributes, callAttributes, identifyingAttributes } from "./span-attributes.ts";
import type { SpanIds } from "./span-ids.ts";
import type { TraceContext } from "./trace-context.ts";

/** One span a call and one below it for each request to a provider, made when the call has ended. */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #ids: SpanIds;
  readonly #identities: ProviderIdentities;

  constructor(tracer: Tracer, ids: SpanIds, identities: ProviderIdentities) {
    this.#tracer = tracer;
    this.#ids = ids;
    this.#identities = identities;
  }

  record(call: ObservedCall): void {
    const span = this.#start(call);
    if (!span.isRecording()) return;
    span.setAttributes(callAttributes(call));
    const errorType = errorTypeOf(call);
    // A person who stops an answer has not met with an error.
    if (errorType !== null && call.outcome !== "client_abort") {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    const parent = trace.setSpan(ROOT_CONTEXT, span);
    for (const [at, attempt] of call.attempts.entries()) {
      this.#recordAttempt(call, attempt, at, parent);
    }
    span.end(timeOf(call, call.durationMs));
  }

  #start(call: ObservedCall): Span {
    const identity = call.provider === null ? null : this.#identities.of(call.provider);
    const name = operationName(call.operation);
    const options = {
      kind: SpanKind.CLIENT,
      startTime: timeOf(call, 0),
      attributes: identifyingAttributes(call, identity),
    };
    return this.#ids.during(call.trace, () =>
      this.#tracer.startSpan(
        call.model === "" ? name : `${name} ${call.model}`,
        options,
        parentContext(call.trace),
      ),
    );
  }

  #recordAttempt(call: ObservedCall, attempt: ObservedAttempt, at: number, parent: Context): void {
    const attributes = attemptAttributes(attempt, this.#identities.of(attempt.provider), at);
    const startTime = timeOf(call, attempt.startedAfterMs);
    const options = { kind: SpanKind.CLIENT, startTime, attributes };
    const span = this.#tracer.startSpan(attempt.method, options, parent);
    const errorType = attemptErrorType(attempt);
    if (errorType !== null) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(timeOf(call, attempt.startedAfterMs + attempt.durationMs));
  }
}

function parentContext({ parentSpanId, traceId, sampled, traceState }: TraceContext): Context {
  if (parentSpanId === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: parentSpanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(traceState === "" ? {} : { traceState: createTraceState(traceState) }),
  });
}

/** Seconds and nanoseconds, so that no part of a millisecond is lost. */
function timeOf({ startedAtMs }: ObservedCall, afterMs: number): HrTime {
  const seconds = Math.floor(startedAtMs / 1000);
  const restMs = startedAtMs - seconds * 1000 + Math.max(0, afterMs);
  const carry = Math.floor(restMs / 1000);
  return [seconds + carry, Math.round((restMs - carry * 1000) * 1e6)];
}
