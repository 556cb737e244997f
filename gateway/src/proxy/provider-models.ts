import { credentialHeader } from "./dialects/credential-header.ts";
import type { Upstream } from "./upstream.ts";

const MAX_LIST_BYTES = 4_194_304;
const LIST_TIMEOUT_MS = 10_000;

/** A provider's own model list as unknown JSON; null when it does not answer with one in time. */
export async function listedModels(
  upstream: Upstream,
  path: string,
  headers: readonly string[],
): Promise<unknown> {
  const { apiKey, basePath, dialect, dispatcher, origin } = upstream;
  try {
    const response = await dispatcher.request({
      origin,
      method: "GET",
      path: `${basePath}${path}`,
      headers: [...headers, ...(apiKey === null ? [] : credentialHeader[dialect](apiKey))],
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
    const list: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    return list;
  } catch {
    return null;
  }
}
