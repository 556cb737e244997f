import { subscribe, unsubscribe } from "node:diagnostics_channel";

const CHANNEL = "undici:request:create";

/**
 * Counts what this process's `fetch` sends while `work` is under way, whichever client it is that
 * sends: retries inside a client's library are seen as well.
 */
export async function countPosts<T>(
  work: () => Promise<T>,
): Promise<{ result: T; posts: readonly string[] }> {
  const posts: string[] = [];
  const onRequest = (message: unknown) => {
    const request = requestOf(message);
    if (request?.method === "POST") posts.push(request.path);
  };
  subscribe(CHANNEL, onRequest);
  try {
    return { result: await work(), posts };
  } finally {
    unsubscribe(CHANNEL, onRequest);
  }
}

function requestOf(message: unknown): { method: string; path: string } | null {
  if (typeof message !== "object" || message === null || !("request" in message)) return null;
  const { request } = message;
  if (typeof request !== "object" || request === null) return null;
  if (!("method" in request) || !("path" in request)) return null;
  return { method: String(request.method), path: String(request.path) };
}
