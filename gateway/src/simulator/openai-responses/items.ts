import type { Answer, Block } from "../answer.ts";
import type { JsonObject } from "../json-value.ts";
import type { ResponsesRequest } from "./request.ts";

/** What an output item is made of: a part of the answer, or a search at the provider. */
export type Source = Block | { readonly kind: "search"; readonly id: string };

type ItemStatus = "in_progress" | "completed" | "incomplete";

/** The parts of the answer in the order of their items. */
export function sourcesOf(request: ResponsesRequest, answer: Answer): readonly Source[] {
  const searches = request.offersSearch ? request.behaviour.searches : 0;
  const calls = Array.from({ length: searches }, (_, index) => ({
    kind: "search" as const,
    id: `ws_${request.digest}${index}`,
  }));
  const thinking = answer.blocks.filter((block) => block.kind === "thinking");
  const rest = answer.blocks.filter((block) => block.kind !== "thinking");
  return [...thinking, ...calls, ...rest];
}

/** An output item, whole, or as it is when it begins. */
export function itemOf(
  request: ResponsesRequest,
  source: Source,
  index: number,
  status: ItemStatus,
): JsonObject {
  const begins = status === "in_progress";
  const id = itemId(request, source, index);
  switch (source.kind) {
    case "thinking":
      return reasoningItem(request, source, id, begins);
    case "search":
      return { id, type: "web_search_call", status, action: searchAction };
    case "tool":
      return toolItem(source, id, status);
    default: {
      const content = begins ? [] : [textPart(source.pieces.join(""))];
      return { id, type: "message", status, role: "assistant", content };
    }
  }
}

/** A message's only part. */
export function textPart(text: string): JsonObject {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

const prefixes = { thinking: "rs", search: "ws", text: "msg", tool: "fc" } as const;
const searchAction = { type: "search", query: "simulator", queries: ["simulator"] };

function itemId({ digest }: ResponsesRequest, source: Source, index: number): string {
  const isText = source.kind === "tool" && source.tool.takesText === true;
  return `${isText ? "ctc" : prefixes[source.kind]}_${digest}${index}`;
}

function reasoningItem(
  request: ResponsesRequest,
  block: Block,
  id: string,
  begins: boolean,
): JsonObject {
  const hasSummary = request.summarisesReasoning && !begins;
  // The real text is as opaque as this one: a client stores it and sends it back unread.
  const sealed = Buffer.from(`simulator ${request.digest}`).toString("base64");
  return {
    id,
    type: "reasoning",
    summary: hasSummary ? [{ type: "summary_text", text: block.pieces.join("") }] : [],
    ...(request.encryptedReasoning ? { encrypted_content: begins ? "" : sealed } : {}),
  };
}

function toolItem(
  block: Extract<Block, { kind: "tool" }>,
  id: string,
  status: ItemStatus,
): JsonObject {
  const { name, tool } = block;
  const text = status === "in_progress" ? "" : block.pieces.join("");
  const call = { id, status, call_id: `call_${block.id}`, name };
  const place = tool.namespace === undefined ? {} : { namespace: tool.namespace };
  return tool.takesText === true
    ? { ...call, type: "custom_tool_call", input: text, ...place }
    : { ...call, type: "function_call", arguments: text, ...place };
}
