import { freeCall } from "../free-call.ts";
import { BadRequest } from "../request.ts";
import type { Asked } from "../wire.ts";
import type { ResponseMemory, StoredResponse } from "./memory.ts";

/**
 * A stored response. One that runs in the background is first found in progress, then complete.
 * @throws {BadRequest} 404 for an id that is not known.
 */
export function fetched(memory: ResponseMemory, id: string): Asked {
  const stored = storedOrThrow(memory, id);
  const [unfinished, ...pending] = stored.pending;
  if (unfinished === undefined) return freeCall(stored.body, stored, stored.reported);
  memory.update(id, { ...stored, pending });
  return freeCall(unfinished, stored);
}

/** Forgets a response. */
export function deleted(memory: ResponseMemory, id: string): Asked {
  const stored = storedOrThrow(memory, id);
  memory.forget(id);
  return freeCall({ id, object: "response", deleted: true }, stored);
}

/** Stops a background response that is unfinished. It is billed all the same. */
export function cancelled(memory: ResponseMemory, id: string): Asked {
  const stored = storedOrThrow(memory, id);
  const [unfinished] = stored.pending;
  if (unfinished === undefined) {
    throw new BadRequest("Only an unfinished background response can be cancelled.", null);
  }
  const body = { ...unfinished, status: "cancelled" };
  memory.update(id, { ...stored, body, reported: null, pending: [] });
  return freeCall(body, stored);
}

function storedOrThrow(memory: ResponseMemory, id: string): StoredResponse {
  const stored = memory.stored(id);
  if (stored !== null) return stored;
  throw new BadRequest(`Response with id '${id}' not found.`, "response_id", 404);
}
