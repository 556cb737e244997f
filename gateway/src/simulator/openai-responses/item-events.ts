import type { Block } from "../answer.ts";
import type { JsonObject } from "../json-value.ts";
import { itemOf, type Source, textPart } from "./items.ts";
import type { ResponsesRequest } from "./request.ts";

/** An event without its number, and the tokens that are billed once it is out. */
export interface BilledEvent {
  readonly type: string;
  readonly members: JsonObject;
  readonly visible: number;
  readonly reasoning: number;
}

/** An event that bills nothing. */
export function freeEvent(type: string, members: JsonObject): BilledEvent {
  return { type, members, visible: 0, reasoning: 0 };
}

/** The events of one output item, from `output_item.added` to `output_item.done`. */
export function itemEvents(
  request: ResponsesRequest,
  source: Source,
  index: number,
  done: JsonObject,
): readonly BilledEvent[] {
  const place = { output_index: index, item_id: done["id"] };
  const begun = itemOf(request, source, index, "in_progress");
  const added = freeEvent("response.output_item.added", { output_index: index, item: begun });
  return [
    // A called tool's name is billed as a token; hidden reasoning is billed all at once.
    { ...added, ...billedAtStart(request, source) },
    ...insideEvents(request, source, place),
    freeEvent("response.output_item.done", { output_index: index, item: done }),
  ];
}

function billedAtStart(
  request: ResponsesRequest,
  source: Source,
): { readonly visible: number; readonly reasoning: number } {
  const isHidden = source.kind === "thinking" && !request.summarisesReasoning;
  return {
    visible: source.kind === "tool" ? 1 : 0,
    reasoning: isHidden ? source.pieces.length : 0,
  };
}

function insideEvents(
  request: ResponsesRequest,
  source: Source,
  place: JsonObject,
): readonly BilledEvent[] {
  switch (source.kind) {
    case "thinking":
      return request.summarisesReasoning ? summaryEvents(source, place) : [];
    case "search":
      return ["in_progress", "searching", "completed"].map((state) =>
        freeEvent(`response.web_search_call.${state}`, place),
      );
    case "tool":
      return callEvents(source, place);
    default:
      return textEvents(source, { ...place, content_index: 0 });
  }
}

function summaryEvents(block: Block, itemPlace: JsonObject): readonly BilledEvent[] {
  const place = { ...itemPlace, summary_index: 0 };
  const text = block.pieces.join("");
  const part = (whole: string): JsonObject => ({
    ...place,
    part: { type: "summary_text", text: whole },
  });
  return [
    freeEvent("response.reasoning_summary_part.added", part("")),
    ...block.pieces.map((delta) => ({
      ...freeEvent("response.reasoning_summary_text.delta", { ...place, delta }),
      reasoning: 1,
    })),
    freeEvent("response.reasoning_summary_text.done", { ...place, text }),
    freeEvent("response.reasoning_summary_part.done", part(text)),
  ];
}

function textEvents(block: Block, place: JsonObject): readonly BilledEvent[] {
  const text = block.pieces.join("");
  return [
    freeEvent("response.content_part.added", { ...place, part: textPart("") }),
    ...block.pieces.map((delta) => ({
      ...freeEvent("response.output_text.delta", { ...place, delta, logprobs: [] }),
      visible: 1,
    })),
    freeEvent("response.output_text.done", { ...place, text, logprobs: [] }),
    freeEvent("response.content_part.done", { ...place, part: textPart(text) }),
  ];
}

function callEvents(
  block: Extract<Block, { kind: "tool" }>,
  place: JsonObject,
): readonly BilledEvent[] {
  const isText = block.tool.takesText === true;
  const type = isText ? "response.custom_tool_call_input" : "response.function_call_arguments";
  const whole = block.pieces.join("");
  const done = isText ? { input: whole } : { name: block.name, arguments: whole };
  return [
    ...block.pieces.map((delta) => ({
      ...freeEvent(`${type}.delta`, { ...place, delta }),
      visible: 1,
    })),
    freeEvent(`${type}.done`, { ...place, ...done }),
  ];
}
