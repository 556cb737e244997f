/** `GET /v1/models`: the providers' models, less those that policy would not let the caller use. */
import { authenticate } from "./authenticate/authenticate.ts";
import { decide } from "./authorize/decide.ts";
import { llmCallInput } from "./authorize/input.ts";
import { isJsonObject } from "./dialects/json-body.ts";
import { unbilledEnding } from "./ending.ts";
import type { Exchange } from "./exchange.ts";
import type { Upstream } from "./forward/upstream.ts";
import { admit } from "./limit/admit.ts";
import { endUnsent, record } from "./pipeline.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { Refusal } from "./refusal.ts";
import { callHeaders } from "./reply/refuse.ts";

const MAX_LIST_BYTES = 4_194_304;
const LIST_TIMEOUT_MS = 10_000;

/** Serves one request for the model list from its head to its row. Never throws. */
export async function serveModels(exchange: Exchange, context: PipelineContext): Promise<void> {
  try {
    const principal = authenticate(
      exchange.request.headers,
      context.snapshot(),
      exchange.startedAtMs,
    );
    exchange.principal = principal;
    admit(context.capacity);
    const upstreams = context.upstreams.ofDialect(exchange.dialect.providerDialect);
    if (upstreams.length === 0) throw new Refusal("WEIR_NO_PROVIDER");
    const lists = await Promise.all(upstreams.map((upstream) => modelsOf(upstream, exchange)));
    const answered = lists.filter((list) => list !== null);
    if (answered.length === 0) throw new Refusal("WEIR_UPSTREAM_UNREACHABLE");
    const usable = answered
      .flat()
      .filter(({ id, upstream }) => isUsable(id, upstream, exchange, context));
    await answer(
      exchange,
      context,
      usable.map(({ id }) => id),
    );
  } catch (thrown) {
    await endUnsent(exchange, context, thrown);
  }
}

interface ListedModel {
  id: string;
  upstream: Upstream;
}

/** Null when the provider does not answer: one that is down must not hide the others' models. */
async function modelsOf(upstream: Upstream, exchange: Exchange): Promise<ListedModel[] | null> {
  const { dialect, request } = exchange;
  const version = request.headers["anthropic-version"];
  try {
    const response = await upstream.pool.request({
      method: "GET",
      path: `${upstream.basePath}${dialect.modelsPath}`,
      headers: [
        ...(typeof version === "string" ? ["anthropic-version", version] : []),
        ...(upstream.apiKey === null ? [] : dialect.credentialHeader(upstream.apiKey)),
      ],
      signal: AbortSignal.timeout(LIST_TIMEOUT_MS),
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      const part: Buffer = chunk;
      bytes += part.length;
      if (bytes > MAX_LIST_BYTES) return null;
      chunks.push(part);
    }
    if (response.statusCode !== 200) return null;
    return modelIds(JSON.parse(Buffer.concat(chunks).toString("utf8")))
      .filter((id) => upstream.serves(id))
      .map((id) => ({ id, upstream }));
  } catch {
    return null;
  }
}

/** Both dialects list models as `data: [{id}]`. */
function modelIds(list: unknown): string[] {
  const data = isJsonObject(list) ? list["data"] : undefined;
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry) =>
    isJsonObject(entry) && typeof entry["id"] === "string" ? [entry["id"]] : [],
  );
}

/** A list must not promise what a call would be refused. */
function isUsable(
  model: string,
  upstream: Upstream,
  exchange: Exchange,
  context: PipelineContext,
): boolean {
  const { policy } = context.snapshot();
  const { principal, dialect } = exchange;
  if (principal === undefined) return false;
  const facts = {
    model,
    stream: false,
    toolNames: [],
    maxTokens: null,
    messageCount: 0,
    toolResultCount: 0,
  };
  const input = llmCallInput({
    principal,
    dialect: dialect.name,
    provider: upstream.name,
    facts,
    bytes: 0,
    sessionId: "",
    nowMs: exchange.startedAtMs,
    revision: policy?.revision ?? "",
  });
  return decide(policy, input, context.clock).decision.effect === "allow";
}

async function answer(exchange: Exchange, context: PipelineContext, ids: string[]): Promise<void> {
  const { response, dialect } = exchange;
  const body = dialect.modelList([...new Set(ids)]);
  const overheadMs = context.clock.monotonicMs() - exchange.startedAt;
  await record(
    exchange,
    {
      ...unbilledEnding(overheadMs),
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
