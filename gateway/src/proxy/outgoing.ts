/** What goes to one target: the client's request with what the target and the decision change. */
import type { Readable } from "node:stream";
import { withoutCredential } from "./authenticate/credential.ts";
import { obligationEdits, refuseEdits, type Changes } from "./authorize/obligations.ts";
import { credentialHeader } from "./dialects/credential-header.ts";
import type { FormOperation, JsonOperation, OpaqueOperation } from "./dialects/dialect.ts";
import { editMembers } from "./dialects/json-body.ts";
import type { Exchange } from "./exchange.ts";
import { upstreamHeaders } from "./forward/headers.ts";
import { traceHeaders } from "./observe/trace-context.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { Payload, PreparedCall } from "./prepared-call.ts";
import { setFormField } from "./receive/set-form-field.ts";
import { continued } from "./receive/upload.ts";
import { Refusal } from "./refusal.ts";
import type { Target } from "./route/target.ts";
import type { TranslatedCall } from "./translate/translator.ts";

export interface Outgoing {
  readonly target: Target;
  readonly method: string;
  /** Below the provider's origin, with its query. */
  readonly path: string;
  readonly headers: string[];
  readonly body: Buffer | Readable | null;
  /** Whose answer comes back: it reads the raw bytes. */
  readonly metered: JsonOperation | FormOperation | OpaqueOperation;
  readonly stripUsageFrame: boolean;
  /** Not null when the answer has to be carried back into the caller's dialect. */
  readonly translated: TranslatedCall | null;
}

/** @throws Refusal WEIR_POLICY_DENIED, WEIR_NOT_TRANSLATABLE */
export async function outgoingFor(
  exchange: Exchange,
  { payload }: PreparedCall,
  target: Target,
  changes: Changes,
  context: PipelineContext,
): Promise<Outgoing> {
  if (payload.kind !== "json") {
    refuseEdits(changes);
    return throughgoing(exchange, payload, target);
  }
  const { operation, bytes, body } = payload;
  const model =
    target.model === exchange.facts?.model ? [] : operation.setModel(target.model, body);
  const edits = [...model, ...obligationEdits(changes, operation, body)];
  if (target.upstream.dialect !== operation.dialect.providerDialect) {
    const edited = edits.length === 0 ? body : JSON.parse(editMembers(bytes, edits).toString());
    return translatedOutgoing(exchange, operation, edited, target, context);
  }
  const metering = operation.meteringEdits(body);
  edits.push(...metering.edits);
  return {
    target,
    method: "POST",
    path: `${target.upstream.basePath}${operation.upstreamPath(target.model)}${withoutCredential(exchange.caller.query)}`,
    headers: headersFor(exchange, target, false),
    body: edits.length === 0 ? bytes : editMembers(bytes, edits),
    metered: operation,
    stripUsageFrame: metering.stripUsageFrame,
    translated: null,
  };
}

async function translatedOutgoing(
  exchange: Exchange,
  operation: JsonOperation,
  body: Parameters<JsonOperation["describe"]>[0],
  target: Target,
  context: PipelineContext,
): Promise<Outgoing> {
  const { upstream, model } = target;
  const translation = context.translationFor(operation.id, upstream.dialect);
  if (translation === null) throw new Refusal("WEIR_NOT_TRANSLATABLE");
  const stream = exchange.facts?.stream ?? false;
  const translated = await translation.start(body, {
    model,
    modelRequested: exchange.facts?.model ?? model,
    stream,
    callId: exchange.id,
    createdSeconds: Math.floor(exchange.startedAtMs / 1000),
    newId: context.clock.newId,
  });
  const { path, headers, body: sent } = translated.request;
  const credential = credentialOf(target);
  return {
    target,
    method: "POST",
    path: `${upstream.basePath}${path}`,
    headers: [
      ...headers.flat(),
      "accept-encoding",
      "identity",
      ...(credential ?? []),
      ...traceOf(exchange, target),
    ],
    body: sent,
    metered: translation.upstreamOperation(stream),
    stripUsageFrame: false,
    translated,
  };
}

function throughgoing(
  exchange: Exchange,
  payload: Exclude<Payload, { kind: "json" }>,
  target: Target,
): Outgoing {
  const { operation, caller } = exchange;
  if (operation.kind !== "form" && operation.kind !== "opaque") throw new Refusal("WEIR_INTERNAL");
  const query = withoutCredential(caller.query);
  const isForm = payload.kind === "form";
  const head = isForm ? formHead(payload, target) : null;
  const isUntouched = !isForm || head === payload.form.head;
  return {
    target,
    method: isForm ? "POST" : payload.method,
    path: `${target.upstream.basePath}${operation.upstreamPath(target.model)}${query}`,
    headers: headersFor(exchange, target, isUntouched),
    body: isForm && head !== null ? continued([head], payload.form.rest) : bodyOf(payload),
    metered: operation,
    stripUsageFrame: false,
    translated: null,
  };
}

function bodyOf(payload: Payload): Readable | null {
  return payload.kind === "opaque" ? payload.body : null;
}

function formHead(payload: Extract<Payload, { kind: "form" }>, target: Target): Buffer {
  const { form, model } = payload;
  if (target.model === model) return form.head;
  const field = { name: "model", from: model, to: target.model };
  const head = setFormField(form.head, form.boundary, field);
  if (head !== null) return head;
  throw new Refusal("WEIR_NOT_TRANSLATABLE", {
    message: `'${model}' stands for another model, and it cannot be replaced in this form. Name the model itself: ${target.model}.`,
  });
}

function headersFor(exchange: Exchange, target: Target, isBodyUntouched: boolean): string[] {
  const credential = credentialOf(target);
  const headers = upstreamHeaders(exchange.caller.rawHeaders, { credential, isBodyUntouched });
  return [...headers, ...traceOf(exchange, target)];
}

function traceOf({ trace }: Exchange, { upstream }: Target): string[] {
  return upstream.forwardsTraceContext ? Object.entries(traceHeaders(trace)).flat() : [];
}

function credentialOf({ upstream }: Target): [string, string] | null {
  return upstream.apiKey === null ? null : credentialHeader[upstream.dialect](upstream.apiKey);
}
