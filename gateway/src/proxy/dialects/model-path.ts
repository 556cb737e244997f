import type { RequestHead } from "./dialect.ts";

const MODELS = "/v1/models";
// What stands in one path segment without any encoding; a name with a slash keeps it.
const MODEL_ID = /^(?!\.{1,2}(?:\/|$))[\w.:@-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.:@-]+)*$/;

/** For `GET /v1/models` null, for `GET /v1/models/{id}` the id, otherwise undefined. */
export function modelIdOf({ method, path }: RequestHead): string | null | undefined {
  if (method !== "GET" || !path.startsWith(MODELS)) return undefined;
  if (path.length === MODELS.length) return null;
  if (path[MODELS.length] !== "/") return undefined;
  const id = safeDecode(path.slice(MODELS.length + 1));
  return id !== null && id.length <= 256 && MODEL_ID.test(id) ? id : undefined;
}

function safeDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
