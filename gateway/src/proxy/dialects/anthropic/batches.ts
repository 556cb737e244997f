import type { Dialect, OpaqueOperation, RequestHead } from "../dialect.ts";
import { segmentsBelow } from "../path-segment.ts";

const PREFIX = "/v1/messages/batches";

/** Message batches: the calls in them cannot be seen from here, so policy has to allow them. */
export function messageBatches(dialect: Dialect, head: RequestHead): OpaqueOperation | null {
  const segments = segmentsBelow(head.path, PREFIX);
  const verb = segments === null ? null : verbOf(head.method, segments);
  if (verb === null) return null;
  return {
    kind: "opaque",
    id: `messages.batches.${verb}`,
    dialect,
    metered: false,
    auxiliary: false,
    free: false,
    method: head.method,
    providerName: null,
    stateIds: [],
    meterJson: null,
    rewriteAnswer: resultsThroughGateway,
    upstreamPath: () => head.path,
  };
}

function verbOf(method: string, segments: readonly string[]): string | null {
  switch (`${method} ${segments.length} ${segments[1] ?? ""}`.trim()) {
    case "POST 0":
      return "create";
    case "GET 0":
      return "list";
    case "GET 1":
      return "retrieve";
    case "DELETE 1":
      return "delete";
    case "POST 2 cancel":
      return "cancel";
    case "GET 2 results":
      return "results";
    default:
      return null;
  }
}

const RESULTS_URL =
  /("results_url"\s*:\s*")https?:\/\/[^"\\/]+(?:\/[^"\\]*)?(\/v1\/messages\/batches\/)/g;

/** The SDK fetches the results from this address, which is the provider's, with the gateway's key. */
function resultsThroughGateway(json: string, gatewayOrigin: string): string {
  return json.replace(RESULTS_URL, (_whole, before, path) => `${before}${gatewayOrigin}${path}`);
}
