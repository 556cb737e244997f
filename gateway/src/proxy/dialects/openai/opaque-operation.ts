import type { OpaqueOperation, RequestHead, ResponseFacts } from "../dialect.ts";
import { isJsonObject } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { member } from "../token-counts.ts";

type Told = Pick<OpaqueOperation, "id" | "dialect"> & Partial<OpaqueOperation>;

/** A request of which nothing is read: where it goes is where it came to, below the base URL. */
export function opaqueOperation({ method, path }: RequestHead, told: Told): OpaqueOperation {
  return {
    kind: "opaque",
    metered: false,
    auxiliary: false,
    free: false,
    method,
    providerName: null,
    stateIds: [],
    meterJson: null,
    upstreamPath: () => path.slice("/v1".length),
    ...told,
  };
}

/** Of an answer only the ids by which later calls name what it created, or the file it became. */
export function readCreatedId(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body) || typeof body["id"] !== "string") return facts;
  const file = member(body, "file")?.["id"];
  const stateIds = [body["id"], file].filter((id) => typeof id === "string");
  return { ...facts, responseId: body["id"], stateIds, ended: true };
}
