import { createHash } from "node:crypto";
import { errorReply } from "../error-reply.ts";
import { bodySeen } from "../entry.ts";
import { freeCall } from "../free-call.ts";
import { isJsonObject, objectsIn, type JsonObject } from "../json-value.ts";
import { Store } from "../openai-files/store.ts";
import { framing, type Reply, wholeReply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import type { Route } from "../route.ts";
import { parsedObject, serveRead } from "../serve-call.ts";
import { addTokens, noTokens } from "../token-sum.ts";
import type { Asked, Received } from "../wire.ts";
import { batchPage } from "./batch-page.ts";
import { type Batch, batchObject, resultLine, type Result } from "./batch-object.ts";
import { anthropicWire } from "./wire.ts";

const path = "/v1/messages/batches";
const one = /^\/v1\/messages\/batches\/(?<id>[^/]+)$/;
const cancel = /^\/v1\/messages\/batches\/(?<id>[^/]+)\/cancel$/;
const results = /^\/v1\/messages\/batches\/(?<id>[^/]+)\/results$/;
const maxRequests = 100_000;
const noQuery = new URLSearchParams();

type Named = Pick<Asked, "model" | "digest">;
type Act = (call: Received, named: Named) => Asked;

/**
 * Message batches. One is billed when it is made, and has ended when it is fetched for the first
 * time; a cancelled one has ended as well, with all its results, since none had been waiting.
 */
export function messageBatchRoutes(): readonly Route[] {
  const batches = new Store<Batch>(1000, 67_108_864, ({ bytes }) => bytes);
  return [
    route("POST", path, ({ body, message }, { digest }) => {
      const batch = made(parsedObject(body.toString()), batches.newId("msgbatch_"));
      batches.put(batch);
      return billedCall(batch, digest, message.headers.host ?? "");
    }),
    route("GET", path, ({ query, message }, named) => {
      const host = message.headers.host ?? "";
      const render = (batch: Batch): object => batchObject(batch, host);
      return freeCall(batchPage(batches.all(), query, render), named);
    }),
    route("GET", one, ({ params, message }, named) => {
      const batch = { ...known(batches, params), status: "ended" as const };
      batches.put(batch);
      return freeCall(batchObject(batch, message.headers.host ?? ""), named);
    }),
    route("DELETE", one, ({ params }, named) => {
      const { id, status } = known(batches, params);
      if (status !== "ended") throw new BadRequest("The batch has not ended", null);
      batches.delete(id);
      return freeCall({ id, type: "message_batch_deleted" }, named);
    }),
    route("POST", cancel, ({ params, message }, named) => {
      const batch = known(batches, params);
      const status = batch.status === "ended" ? "ended" : "canceling";
      const stopped: Batch = { ...batch, status, isCancelled: true };
      batches.put(stopped);
      return freeCall(batchObject(stopped, message.headers.host ?? ""), named);
    }),
    route("GET", results, ({ params }, named) => {
      const batch = known(batches, params);
      if (batch.status !== "ended") throw new BadRequest("The batch has not ended", null, 404);
      const lines = batch.results.map((result) => `${resultLine(result)}\n`).join("");
      const told = { contentType: "application/x-jsonl" };
      const reply = (): Reply => wholeReply(framing(lines, batch.tokens), noTokens, told);
      return { ...freeCall({}, named), reply };
    }),
  ];
}

function route(method: string, routed: string | RegExp, act: Act): Route {
  return {
    method,
    path: routed,
    wire: anthropicWire,
    serve: (call) => {
      const body = bodySeen(call.body);
      const named = { model: "", digest: body.sha256.slice(0, 24) };
      serveRead(anthropicWire, call, body, () => act(call, named));
    },
  };
}

/** @throws {BadRequest} when a request lacks its id, or shares it with another. */
function made({ requests }: JsonObject, id: string): Batch {
  const asked = objectsIn(requests);
  if (asked.length === 0 || asked.length > maxRequests) {
    throw new BadRequest("requests: between 1 and 100000 requests", "requests");
  }
  const ids = new Set(asked.map((request) => request["custom_id"]));
  const areNamed = [...ids].every((customId) => typeof customId === "string" && customId !== "");
  if (!areNamed || ids.size < asked.length) {
    throw new BadRequest("requests: each needs a custom_id of its own", "requests");
  }
  const answered = asked.map((request) => resultOf(request));
  return {
    id,
    status: "in_progress",
    isCancelled: false,
    results: answered,
    model: answered[0]?.model ?? "",
    tokens: answered.reduce((sum, { tokens }) => addTokens(sum, tokens), noTokens),
    bytes: answered.reduce((sum, { body }) => sum + body.length, 0),
  };
}

function resultOf(request: JsonObject): Result {
  const customId = String(request["custom_id"]);
  const params: unknown = request["params"];
  const sha256 = createHash("sha256")
    .update(JSON.stringify(params ?? null))
    .digest("hex");
  const { reply, model } = answerOf(isJsonObject(params) ? params : {}, sha256);
  const body = String(reply.steps[0]?.bytes);
  const isError = reply.status >= 400;
  const billed = reply.steps.reduce(
    (sum, { visible, reasoning }) =>
      addTokens(sum, { ...noTokens, outputVisible: visible, outputReasoning: reasoning }),
    reply.billedInput,
  );
  return { customId, model, body, isError, tokens: isError ? noTokens : billed };
}

function answerOf(params: JsonObject, sha256: string): { reply: Reply; model: string } {
  const digest = sha256.slice(0, 24);
  try {
    const json = { ...params, stream: false };
    const asked = anthropicWire.read({ json, sha256, params: {}, query: noQuery });
    const { errorStatus } = asked.behaviour;
    if (errorStatus === 0) return { reply: asked.reply(), model: asked.model };
    const text = `Weir's simulator was asked for status ${errorStatus}`;
    const reply = errorReply(anthropicWire, errorStatus, text, { param: null, digest });
    return { reply, model: asked.model };
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    const { status, message, param } = error;
    return { reply: errorReply(anthropicWire, status, message, { param, digest }), model: "" };
  }
}

function billedCall(batch: Batch, digest: string, host: string): Asked {
  const { outputVisible, outputReasoning, ...input } = batch.tokens;
  const step = {
    ...framing(JSON.stringify(batchObject(batch, host))),
    visible: outputVisible,
    reasoning: outputReasoning,
  };
  const billedInput = { ...input, outputVisible: 0, outputReasoning: 0 };
  return {
    ...freeCall({}, { model: batch.model, digest }),
    reply: () => wholeReply(step, billedInput),
  };
}

function known(batches: Store<Batch>, params: Readonly<Record<string, string>>): Batch {
  const batch = batches.get(params["id"] ?? "");
  if (batch === null) throw new BadRequest("The batch was not found", null, 404);
  return batch;
}
