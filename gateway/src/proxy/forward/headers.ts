/** What may pass between a client and a provider, by name. */
import type { IncomingHttpHeaders } from "node:http";
import { holdsKey } from "../../identity/virtual-key.ts";

/** RFC 9110 §7.6.1, and those that Node and undici set themselves. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

const neverUpstream = new Set([
  ...hopByHop,
  "host",
  "content-length",
  "content-encoding",
  "expect",
  "accept-encoding",
  "authorization",
  "x-api-key",
  "x-goog-api-key",
  "cookie",
  // They choose whom the provider bills under the gateway's own key.
  "openai-organization",
  "openai-project",
  "forwarded",
  "via",
  "x-real-ip",
  "traceparent",
  "tracestate",
  "baggage",
]);

const neverDownstream = new Set([
  ...hopByHop,
  "date",
  "set-cookie",
  "alt-svc",
  "strict-transport-security",
  "openai-organization",
  "openai-project",
]);

const neverUpstreamPrefixes = ["x-forwarded-", "x-weir-"];
// The provider's limits are those of the gateway's key, not of this client.
const neverDownstreamPrefixes = ["x-ratelimit-", "anthropic-ratelimit-", "x-weir-"];

function isNeverUpstream(name: string): boolean {
  // CGI and WSGI make one variable of both spellings (RFC 3875 §4.1.18).
  const spelled = name.includes("_") ? name.replaceAll("_", "-") : name;
  return (
    neverUpstream.has(spelled) || neverUpstreamPrefixes.some((prefix) => spelled.startsWith(prefix))
  );
}

/** Names that the peer's `Connection` header declares to be for one hop only. */
function connectionNamed(connection: string | undefined): string[] {
  return connection === undefined
    ? []
    : connection.split(",").map((name) => name.trim().toLowerCase());
}

/** A body that travels as it came keeps what describes it. */
const describesBody = new Set(["content-length", "content-encoding"]);

/**
 * The client's headers as they came, less what must not travel, plus what we add.
 *
 * @param rawHeaders as node:http gives them: name, value, name, value …
 */
export function upstreamHeaders(
  rawHeaders: readonly string[],
  options: {
    credential: readonly [name: string, value: string] | null;
    /** The body goes on byte for byte, whatever is in it. */
    isBodyUntouched: boolean;
  },
): string[] {
  const dropped = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== "connection") continue;
    for (const name of connectionNamed(rawHeaders[at + 1])) dropped.add(name);
  }
  const headers: string[] = [];
  let hasContentType = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    // We read the first; by a second one the provider might read the body otherwise.
    if (name === "content-type" && hasContentType) continue;
    hasContentType ||= name === "content-type";
    const value = rawHeaders[at + 1] ?? "";
    const isKept = options.isBodyUntouched && describesBody.has(name);
    if (!isKept && (isNeverUpstream(name) || dropped.has(name))) continue;
    // Some clients repeat their key in headers that nobody else knows.
    if (holdsKey(value)) continue;
    headers.push(name, value);
  }
  // A compressed answer could not be metered.
  headers.push("accept-encoding", "identity");
  if (options.credential !== null) headers.push(...options.credential);
  return headers;
}

export function downstreamHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const connection = headers.connection;
  const dropped = connectionNamed(Array.isArray(connection) ? connection.join() : connection);
  const kept: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || neverDownstream.has(name) || dropped.includes(name)) continue;
    if (neverDownstreamPrefixes.some((prefix) => name.startsWith(prefix))) continue;
    kept[name] = value;
  }
  return kept;
}
