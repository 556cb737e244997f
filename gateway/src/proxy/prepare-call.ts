/** Everything before the first decision: who calls, what for, and where it could go. */
import type { IncomingMessage } from "node:http";
import { callFacts } from "./dialects/call-facts.ts";
import type { CallFacts, Operation } from "./dialects/dialect.ts";
import { parseBody } from "./dialects/json-body.ts";
import type { Exchange } from "./exchange.ts";
import { identify } from "./identify.ts";
import { admit } from "./limit/admit.ts";
import { observeConversation } from "./observe-conversation.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { Payload, PreparedCall } from "./prepared-call.ts";
import { decodeBody } from "./receive/decode-body.ts";
import { readBody } from "./receive/read-body.ts";
import { jsonOnly } from "./receive/json-only.ts";
import { openForm } from "./receive/read-form.ts";
import type { HeldRoom } from "./receive/room.ts";
import { openUpload } from "./receive/upload.ts";
import { Refusal } from "./refusal.ts";
import { endStage } from "./stage.ts";
import type { Target } from "./route/target.ts";

/** @throws Refusal for whatever is wrong with the request; ClientGone */
export async function prepareCall(
  exchange: Exchange,
  request: IncomingMessage,
  room: HeldRoom,
  context: PipelineContext,
): Promise<PreparedCall> {
  const key = await identify(exchange, context);
  admit(context.capacity);
  endStage(exchange, "authenticate", context);
  const { payload, facts } = await receive(exchange, request, room, context);
  captureRequest(exchange, payload, context);
  endStage(exchange, "read_body", context);
  exchange.facts = facts;
  observeConversation(exchange, payload, context);
  const targets = targetsFor(exchange, facts, context);
  if (targets.length === 0) throw new Refusal("WEIR_NO_PROVIDER");
  return { payload, targets, denialStyle: key.denialStyle ?? "error" };
}

/** Of JSON alone: files that stream through are not text. */
export function captureRequest(
  exchange: Exchange,
  payload: Payload,
  { content }: PipelineContext,
): void {
  if (content === null || payload.kind !== "json" || exchange.principal === undefined) return;
  const captured = content.begin(exchange.principal);
  if (captured === null) return;
  captured.request.add(payload.bytes);
  exchange.content = captured;
}

async function receive(
  exchange: Exchange,
  request: IncomingMessage,
  room: HeldRoom,
  { limits }: PipelineContext,
): Promise<{ payload: Payload; facts: CallFacts }> {
  const { operation } = exchange;
  switch (operation.kind) {
    case "json": {
      jsonOnly(request.headers["content-type"]);
      const sent = await readBody(request, limits.maxBodyBytes, room);
      exchange.received = { bytes: sent.length };
      const encoding = request.headers["content-encoding"];
      const bytes =
        encoding === undefined ? sent : await decodeBody(sent, encoding, limits.maxBodyBytes, room);
      const body = parseBody(bytes, operation.governedMembers, room);
      return { payload: { kind: "json", operation, bytes, body }, facts: operation.describe(body) };
    }
    case "form": {
      plainOnly(request);
      const bounds = { maxHeldBytes: limits.maxBodyBytes, maxBytes: limits.maxUploadBytes };
      const form = await openForm(request, operation, bounds, room);
      exchange.received = form;
      const facts = operation.describe(form.fields);
      return { payload: { kind: "form", form, model: facts.model }, facts };
    }
    default: {
      const upload = openUpload(request, limits.maxUploadBytes, room);
      exchange.received = upload;
      const stateIds = operation.kind === "opaque" ? operation.stateIds : [];
      const method = operation.kind === "opaque" ? operation.method : "GET";
      const payload = { kind: "opaque", method, body: upload.body } as const;
      return { payload, facts: callFacts({ stateIds }) };
    }
  }
}

/** A form is read on its way, so it has to come as it is. */
function plainOnly(request: IncomingMessage): void {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") throw new Refusal("WEIR_ENCODING_UNSUPPORTED");
}

/** The targets for what the call asks, or for what an obligation makes of it. */
export function targetsFor(
  exchange: Exchange,
  facts: CallFacts,
  context: PipelineContext,
  changed: { model?: string; providers?: ReadonlySet<string> } = {},
): readonly Target[] {
  const { operation } = exchange;
  const dialect = operation.dialect.providerDialect;
  if (operation.kind === "opaque" && operation.providerName !== null) {
    const target = context.router.named(operation.providerName, dialect);
    return target === undefined ? [] : [target];
  }
  return context.router.plan({
    dialect,
    canTranslate: (to) => canTranslate(operation, to, context),
    model: changed.model ?? facts.model,
    providers: changed.providers ?? null,
    stateIds: facts.stateIds,
    stickyKey: operation.keepsState ? (exchange.principal?.keyId ?? "") : "",
  });
}

function canTranslate(
  operation: Operation,
  to: Target["upstream"]["dialect"],
  context: PipelineContext,
): boolean {
  const id = operation.kind === "models" ? operation.calledBy : operation.id;
  const isCarried = operation.kind === "json" || operation.kind === "models";
  return isCarried && id !== undefined && context.translationFor(id, to) !== null;
}
