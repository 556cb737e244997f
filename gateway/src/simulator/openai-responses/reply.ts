import type { TokenCounts } from "../../contracts/index.ts";
import { answerTo, type Answer } from "../answer.ts";
import { bill, billInput } from "../bill.ts";
import type { JsonObject } from "../json-value.ts";
import { framing, jsonContentType, type Reply, type Step } from "../reply.ts";
import { noTokens } from "../token-sum.ts";
import type { EventFraming } from "./framing.ts";
import { type BilledEvent, freeEvent, itemEvents } from "./item-events.ts";
import { itemOf, type Source, sourcesOf } from "./items.ts";
import type { ResponseMemory } from "./memory.ts";
import type { ResponsesRequest } from "./request.ts";
import { responseObject, type ResponseState } from "./response.ts";

const nothing: Answer = { blocks: [], finish: "stop" };
const failure = "Weir's simulator was asked to fail here";

/** Answers a Responses request, and remembers the response for requests that name it. */
export function responsesReply(
  request: ResponsesRequest,
  memory: ResponseMemory,
  events: EventFraming,
): Reply {
  const made = madeResponse(request);
  const { sources, tokens } = made;
  const steps = request.stream ? streamSteps(request, made, events) : [wholeStep(request, made)];
  remember(request, made, memory, steps.at(-1)?.bytes.length ?? 0);
  const searches = sources.filter((source) => source.kind === "search").length;
  return {
    status: 200,
    headers: {},
    contentType: request.stream ? events.contentType : jsonContentType,
    steps,
    errorEvent: request.stream ? errorInside(request, events) : null,
    billedInput: request.generates ? billInput(request) : tokens,
    toolCalls: sources.filter((source) => source.kind === "tool").length,
    serverToolCalls: searches > 0 ? { web_search: searches } : {},
  };
}

interface Made {
  readonly sources: readonly Source[];
  readonly items: readonly JsonObject[];
  readonly tokens: TokenCounts;
  readonly final: JsonObject;
}

function madeResponse(request: ResponsesRequest): Made {
  const answer = request.generates ? answerTo(request) : nothing;
  const tokens = request.generates ? bill(request, answer) : noTokens;
  const sources = request.generates ? sourcesOf(request, answer) : [];
  const isCut = answer.finish === "length";
  const items = sources.map((source, index) => {
    const isCutHere = isCut && index === sources.length - 1;
    return itemOf(request, source, index, isCutHere ? "incomplete" : "completed");
  });
  const status = isCut ? "incomplete" : "completed";
  return {
    sources,
    items,
    tokens,
    final: responseObject(request, { status, output: items, tokens }),
  };
}

function remember(
  request: ResponsesRequest,
  made: Made,
  memory: ResponseMemory,
  bytes: number,
): void {
  const { id, words, messageCount, images = 0, model, digest, behaviour } = request;
  const conversation = { words, messageCount, images };
  const reported = behaviour.reportsUsage ? made.tokens : null;
  const isWaiting = request.background && !request.stream;
  const pending = isWaiting ? [responseObject(request, unfinished("in_progress"))] : [];
  const stored = { model, digest, body: made.final, reported, pending };
  if (request.store) memory.shared.remember(id, conversation, stored, bytes);
  if (memory !== memory.shared) memory.remember(id, conversation, null, 0);
}

function errorInside(request: ResponsesRequest, events: EventFraming): string {
  if (!request.behaviour.failsResponse) return events.error(failure);
  const state = { status: "failed", output: [], tokens: null, failure } as const;
  return events.frame({ type: "response.failed", response: responseObject(request, state) });
}

function unfinished(status: ResponseState["status"]): ResponseState {
  return { status, output: [], tokens: null };
}

function wholeStep(request: ResponsesRequest, { tokens, final }: Made): Step {
  const output = { visible: tokens.outputVisible, reasoning: tokens.outputReasoning };
  if (request.background) {
    const queued = responseObject(request, unfinished("queued"));
    return { bytes: JSON.stringify(queued), ...output };
  }
  const step = { bytes: JSON.stringify(final), ...output };
  return request.behaviour.reportsUsage ? { ...step, reported: tokens } : step;
}

function streamSteps(request: ResponsesRequest, made: Made, events: EventFraming): readonly Step[] {
  const begun = responseObject(request, unfinished("in_progress"));
  const all: readonly BilledEvent[] = [
    freeEvent("response.created", { response: begun }),
    ...(request.generates ? [freeEvent("response.in_progress", { response: begun })] : []),
    ...made.sources.flatMap((source, index) =>
      itemEvents(request, source, index, made.items[index] ?? {}),
    ),
  ];
  const frame = (type: string, members: JsonObject, number: number): string =>
    events.frame({ type, sequence_number: number, ...members });
  const steps: Step[] = all.map(({ type, members, visible, reasoning }, number) => ({
    bytes: frame(type, members, number),
    visible,
    reasoning,
  }));
  const last = `response.${String(made.final["status"])}`;
  const reported = request.behaviour.reportsUsage ? made.tokens : undefined;
  steps.push(framing(frame(last, { response: made.final }, steps.length), reported));
  return steps;
}
