import type { Dialect, OpaqueOperation, RequestHead } from "../dialect.ts";
import { opaqueOperation, readCreatedId } from "../openai/opaque-operation.ts";
import { segmentsBelow } from "../path-segment.ts";

const PREFIX = "/v1/conversations";

/** Conversations that the provider keeps: what stands in them is not read, so policy has to allow it. */
export function conversation(dialect: Dialect, head: RequestHead): OpaqueOperation | null {
  const segments = segmentsBelow(head.path, PREFIX);
  const verb = segments === null ? null : verbOf(head.method, segments);
  if (segments === null || verb === null) return null;
  return opaqueOperation(head, {
    id: `conversations.${verb}`,
    dialect,
    keepsState: verb === "create",
    stateIds: segments.slice(0, 1),
    meterJson: verb === "create" ? readCreatedId : null,
  });
}

function verbOf(method: string, segments: readonly string[]): string | null {
  switch (`${method} ${segments.length} ${segments[1] ?? ""}`.trim()) {
    case "POST 0":
      return "create";
    case "GET 1":
      return "retrieve";
    case "POST 1":
      return "update";
    case "DELETE 1":
      return "delete";
    case "POST 2 items":
      return "items.create";
    case "GET 2 items":
      return "items.list";
    case "GET 3 items":
      return "items.retrieve";
    case "DELETE 3 items":
      return "items.delete";
    default:
      return null;
  }
}
