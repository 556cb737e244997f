import { request } from "undici";

const MAX_BYTES = 262_144;
const TIMEOUT_MS = 5_000;

/**
 * Gets a JSON document of bounded size in bounded time. Redirects are not followed: they could
 * lead anywhere.
 *
 * @throws what the connection throws, and for any answer but a 200 with JSON.
 */
export async function fetchJson(url: string, stop: AbortSignal): Promise<unknown> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  const { statusCode, body } = await request(url, {
    signal,
    headers: { accept: "application/json" },
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const part: Buffer = chunk;
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`${url} answered with more than ${MAX_BYTES} bytes`);
    chunks.push(part);
  }
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
