import { type Answer, answerTo } from "./answer.ts";
import { billInput } from "./bill.ts";
import { jsonContentType, type Reply, type Step, streamContentType } from "./reply.ts";
import type { SimulatorRequest } from "./request.ts";
import type { Asked } from "./wire.ts";

/** How a wire format writes the answer to a conversation. */
export interface CompletionFormat {
  readonly json: (request: SimulatorRequest, answer: Answer) => Step;
  readonly stream: (request: SimulatorRequest, answer: Answer) => readonly Step[];
  readonly errorEvent: (message: string) => string;
  /** Default: server-sent events. */
  readonly streamContentType?: string;
}

const failure = "Weir's simulator was asked to fail here";

/** A conversation that a wire format has read, to be answered in that format. */
export function completionOf(request: SimulatorRequest, format: CompletionFormat): Asked {
  const { digest, model, behaviour, stream } = request;
  return { digest, model, behaviour, stream, reply: () => replyTo(request, format) };
}

function replyTo(request: SimulatorRequest, format: CompletionFormat): Reply {
  const answer = answerTo(request);
  const { stream } = request;
  return {
    status: 200,
    headers: {},
    contentType: stream ? (format.streamContentType ?? streamContentType) : jsonContentType,
    steps: stream ? format.stream(request, answer) : [format.json(request, answer)],
    errorEvent: stream ? format.errorEvent(failure) : null,
    billedInput: billInput(request),
    toolCalls: answer.blocks.filter((block) => block.kind === "tool").length,
  };
}
