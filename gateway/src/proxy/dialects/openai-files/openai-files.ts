import type { Dialect, OpaqueOperation, RequestHead } from "../dialect.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { opaqueOperation, readCreatedId } from "../openai/opaque-operation.ts";
import { segmentsBelow } from "../path-segment.ts";

/**
 * OpenAI files, uploads and batches: bytes both ways. The calls in a batch cannot be seen from
 * here, so policy has to allow all of it.
 */
export const openAiFiles: Dialect = {
  name: "openai-files",
  providerDialect: "openai",
  match,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

/** By method, number of segments below the collection, and the fixed word among them. */
const collections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  files: {
    "POST 0": "create",
    "GET 0": "list",
    "GET 1": "retrieve",
    "DELETE 1": "delete",
    "GET 2 content": "content",
  },
  uploads: {
    "POST 0": "create",
    "POST 2 parts": "parts.create",
    "POST 2 complete": "complete",
    "POST 2 cancel": "cancel",
  },
  batches: {
    "POST 0": "create",
    "GET 0": "list",
    "GET 1": "retrieve",
    "POST 2 cancel": "cancel",
  },
};

/** Verbs whose answer is the JSON of one thing that later calls may name. */
const TELLS_ID = new Set(["create", "complete", "parts.create"]);

function match(head: RequestHead): OpaqueOperation | null {
  for (const [collection, verbs] of Object.entries(collections)) {
    const segments = segmentsBelow(head.path, `/v1/${collection}`);
    if (segments === null) continue;
    const verb = verbs[`${head.method} ${segments.length} ${segments[1] ?? ""}`.trim()];
    return verb === undefined ? null : operation(head, collection, verb, segments);
  }
  return null;
}

function operation(
  head: RequestHead,
  collection: string,
  verb: string,
  segments: readonly string[],
): OpaqueOperation {
  return opaqueOperation(head, {
    id: `${collection}.${verb}`,
    dialect: openAiFiles,
    keepsState: TELLS_ID.has(verb),
    stateIds: segments.slice(0, 1),
    meterJson: TELLS_ID.has(verb) ? readCreatedId : null,
  });
}
