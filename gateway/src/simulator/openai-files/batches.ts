import type { TokenCounts } from "../../contracts/index.ts";
import { freeCall } from "../free-call.ts";
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { textMember } from "../openai/format.ts";
import { responsesUsage } from "../openai-responses/usage.ts";
import { createdSeconds, framing, wholeReply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import type { Route } from "../route.ts";
import { parsedObject } from "../serve-call.ts";
import type { Asked, Wire } from "../wire.ts";
import { type FileStore, knownFile } from "./files.ts";
import { filesRoute } from "./free-route.ts";
import { pageOf } from "./page.ts";
import { runBatch } from "./run-batch.ts";
import { Store } from "./store.ts";

type Status = "validating" | "in_progress" | "completed" | "cancelled";

interface Batch {
  readonly id: string;
  readonly status: Status;
  readonly settings: JsonObject;
  readonly outputFileId: string;
  readonly completed: number;
  readonly failed: number;
  readonly tokens: TokenCounts;
}

const one = /^\/v1\/batches\/(?<id>[^/]+)$/;
const cancel = /^\/v1\/batches\/(?<id>[^/]+)\/cancel$/;
const next: Partial<Record<Status, Status>> = {
  validating: "in_progress",
  in_progress: "completed",
};

/**
 * Batches of calls to the given paths. A batch is billed when it is made and moves on by one state
 * each time it is fetched; its usage shows once it is complete.
 */
export function batchRoutes(
  files: FileStore,
  wires: Readonly<Record<string, Wire>>,
): readonly Route[] {
  const batches = new Store<Batch>(1000, 1_048_576, () => 0);
  return [
    filesRoute("POST", "/v1/batches", ({ body }, named) =>
      created(parsedObject(body.toString()), { batches, files, wires }, named.digest),
    ),
    filesRoute("GET", "/v1/batches", ({ query }, named) =>
      freeCall(pageOf(batches.all(), query, batchObject), named),
    ),
    filesRoute("GET", one, ({ params }, named) => {
      const batch = known(batches, params);
      const later = { ...batch, status: next[batch.status] ?? batch.status };
      batches.put(later);
      const reported = later.status === "completed" ? later.tokens : null;
      return freeCall(batchObject(later), named, reported);
    }),
    filesRoute("POST", cancel, ({ params }, named) => {
      const batch = known(batches, params);
      if (batch.status === "completed") throw new BadRequest("The batch is complete", null, 409);
      const stopped = { ...batch, status: "cancelled" as const };
      batches.put(stopped);
      return freeCall(batchObject(stopped), named);
    }),
  ];
}

interface Making {
  readonly batches: Store<Batch>;
  readonly files: FileStore;
  readonly wires: Readonly<Record<string, Wire>>;
}

function created(body: JsonObject, { batches, files, wires }: Making, digest: string): Asked {
  const endpoint = textMember(body, "endpoint");
  const wire = Object.hasOwn(wires, endpoint) ? wires[endpoint] : undefined;
  if (wire === undefined) throw new BadRequest(`No batches of ${endpoint}`, "endpoint");
  const inputFileId = textMember(body, "input_file_id");
  const { output, model, ...result } = runBatch(wire, knownFile(files, inputFileId, 400).content);
  const id = batches.newId("batch_");
  const outputFileId = files.newId("file-");
  files.put({
    id: outputFileId,
    filename: `${id}_output.jsonl`,
    purpose: "batch_output",
    content: output,
  });
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : null;
  const settings = {
    endpoint,
    input_file_id: inputFileId,
    completion_window: "24h",
    metadata,
    model,
  };
  const batch: Batch = { id, status: "validating", settings, outputFileId, ...result };
  batches.put(batch);
  const { outputVisible, outputReasoning, ...input } = batch.tokens;
  const billedInput = { ...input, outputVisible: 0, outputReasoning: 0 };
  const step = {
    ...framing(JSON.stringify(batchObject(batch))),
    visible: outputVisible,
    reasoning: outputReasoning,
  };
  return { ...freeCall({}, { model, digest }), reply: () => wholeReply(step, billedInput) };
}

function known(batches: Store<Batch>, params: Readonly<Record<string, string>>): Batch {
  const id = params["id"] ?? "";
  const batch = batches.get(id);
  if (batch === null) throw new BadRequest(`No batch found with id '${id}'.`, "batch_id", 404);
  return batch;
}

function batchObject(batch: Batch): object {
  const { id, status, settings, outputFileId, completed, failed, tokens } = batch;
  const isDone = status === "completed";
  return {
    id,
    object: "batch",
    status,
    ...settings,
    created_at: createdSeconds,
    expires_at: createdSeconds + 86_400,
    ...(isDone ? { completed_at: createdSeconds, output_file_id: outputFileId } : {}),
    ...(isDone ? { usage: responsesUsage(tokens) } : {}),
    request_counts: {
      total: completed + failed,
      completed: isDone ? completed : 0,
      failed: isDone ? failed : 0,
    },
  };
}
