/** `GET /v1/models`: the providers' models and our aliases, less those that policy would not let the caller use. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { decide } from "./policy/decide.ts";
import { isModelGranted } from "./authorize/narrow.ts";
import { llmCallInput } from "./authorize/input.ts";
import { callFacts } from "./dialects/call-facts.ts";
import type { ModelsOperation } from "./dialects/dialect.ts";
import { unbilledEnding } from "./ending.ts";
import type { Exchange } from "./exchange.ts";
import { identify } from "./identify.ts";
import type { Upstream } from "./upstream.ts";
import { admit } from "./limit/admit.ts";
import { endUnanswered, record } from "./pipeline.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { targetsFor } from "./prepare-call.ts";
import { listedModels } from "./provider-models.ts";
import { Refusal } from "./refusal.ts";
import { throwIfStopped } from "./stop/throw-if-stopped.ts";
import { endStage } from "./stage.ts";
import { callHeaders } from "./reply/refuse.ts";

/** Serves one request for the model list, or for one model, from its head to its row. Never throws. */
export async function serveModels(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  context: PipelineContext,
): Promise<void> {
  request.resume();
  try {
    await identify(exchange, context);
    admit(context.capacity);
    endStage(exchange, "authenticate", context);
    const { operation } = exchange;
    if (operation.kind !== "models") throw new Refusal("WEIR_INTERNAL");
    const models = await usableModels(exchange, operation, context);
    throwIfStopped(exchange);
    endStage(exchange, "forward", context);
    if (operation.modelId === null) {
      await answer(exchange, response, operation.renderList(models), context);
    } else if (models.includes(operation.modelId)) {
      await answer(exchange, response, operation.renderModel(operation.modelId), context);
    } else {
      throw new Refusal("WEIR_NO_PROVIDER", {
        message: `There is no model '${operation.modelId}' here that you may use.`,
      });
    }
  } catch (thrown) {
    await endUnanswered(exchange, response, undefined, context, thrown);
  } finally {
    exchange.watched?.leave();
  }
}

async function usableModels(
  exchange: Exchange,
  operation: ModelsOperation,
  context: PipelineContext,
): Promise<string[]> {
  const upstreams = context.router.ofDialect(operation.dialect.providerDialect);
  const { aliases } = context.router;
  if (upstreams.length === 0 && aliases.length === 0) throw new Refusal("WEIR_NO_PROVIDER");
  const lists = await Promise.all(
    upstreams.map((upstream) => modelsOf(upstream, operation, exchange)),
  );
  const answered = lists.filter((list) => list !== null);
  if (answered.length === 0 && aliases.length === 0) throw new Refusal("WEIR_UPSTREAM_UNREACHABLE");
  const listed = new Set([...aliases, ...answered.flat()]);
  return [...listed].filter((model) => isUsable(model, exchange, context));
}

/** Null when the provider does not answer: one that is down must not hide the others' models. */
async function modelsOf(
  upstream: Upstream,
  operation: ModelsOperation,
  { caller }: Exchange,
): Promise<string[] | null> {
  const version = caller.headers["anthropic-version"];
  const headers = typeof version === "string" ? ["anthropic-version", version] : [];
  const list = await listedModels(upstream, operation.upstreamPath(""), headers);
  return list === null ? null : operation.readIds(list).filter((id) => upstream.serves(id));
}

/** A list must not promise what a call would be refused: some target has to be allowed. */
function isUsable(model: string, exchange: Exchange, context: PipelineContext): boolean {
  const { policy } = context.snapshot();
  const { principal, grant, operation, startedAtMs: nowMs } = exchange;
  if (principal === undefined || grant === undefined) return false;
  const facts = callFacts({ model });
  const revision = policy?.revision ?? "";
  return targetsFor(exchange, facts, context).some((target) => {
    if (!isModelGranted(grant, { model: target.model, metered: true })) return false;
    const input = llmCallInput({
      principal,
      operation,
      provider: target.upstream.name,
      model: target.model,
      facts,
      bytes: 0,
      sessionId: "",
      nowMs,
      revision,
    });
    return decide(policy, input, context.clock).decision.effect === "allow";
  });
}

async function answer(
  exchange: Exchange,
  response: ServerResponse,
  body: string,
  context: PipelineContext,
): Promise<void> {
  await record(
    exchange,
    {
      ...unbilledEnding(exchange, context.clock.monotonicMs()),
      outcome: "completed",
      status: 200,
      upstreamStatus: 200,
      attempts: 1,
      responseBytes: Buffer.byteLength(body),
    },
    context,
  );
  response.writeHead(200, {
    ...callHeaders({ callId: exchange.id, decisionId: "" }),
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
