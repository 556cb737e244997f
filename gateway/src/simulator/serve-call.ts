import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { billInput } from "./bill.ts";
import { completion, errorReply, wires } from "./completion.ts";
import { credentialOf } from "./credential.ts";
import { cutOf } from "./cut.ts";
import { deliver, type Progress } from "./deliver.ts";
import { withFault } from "./fault.ts";
import { isJsonObject } from "./json-value.ts";
import type { BilledCall, CallEnd, Ledger } from "./ledger.ts";
import type { Reply } from "./reply.ts";
import { BadRequest, type Dialect, type SimulatorRequest } from "./request.ts";

/** Answers one completion request and enters it in the ledger, whatever becomes of it. */
export async function serveCall(
  message: IncomingMessage,
  response: ServerResponse,
  call: { readonly dialect: Dialect; readonly body: Buffer; readonly ledger: Ledger },
): Promise<void> {
  const { dialect, body, ledger } = call;
  const asked = readRequest(dialect, body);
  const sequence = ledger.begin();
  const id = `req_${asked.digest}_${sequence}`;
  const seen = {
    id,
    sequence,
    dialect,
    credential: credentialOf(message.headers),
    requestSha256: hash("sha256", body),
  };
  const headers = { "x-simulator-id": id, [wires[dialect].requestIdHeader]: id };
  if ("error" in asked || refusalStatus(asked) > 0) {
    const reply = "error" in asked ? asked.error : refusal(asked, refusalStatus(asked));
    const delayMs = "error" in asked ? 0 : asked.behaviour.delayMs;
    const delivery = { steps: reply.steps, ending: "complete", delayMs } as const;
    await deliver(
      response,
      {
        ...delivery,
        reply: { ...reply, headers: { ...reply.headers, ...headers } },
        cut: cutOf(message.headers),
      },
      () => ledger.record(refused(seen, asked, reply.status)),
    );
    return;
  }
  const { reply, toolCalls } = completion(asked);
  const errorEvent = asked.stream
    ? wires[dialect].errorEvent("Weir's simulator was asked to fail here")
    : null;
  await deliver(
    response,
    {
      ...withFault(reply.steps, asked.behaviour, errorEvent),
      reply: { ...reply, headers },
      delayMs: asked.behaviour.delayMs,
      cut: cutOf(message.headers),
    },
    (end, progress) => ledger.record({ ...seen, ...billed(asked, end, progress), toolCalls }),
  );
}

type Unreadable = { readonly error: Reply; readonly digest: string };

function readRequest(dialect: Dialect, body: Buffer): SimulatorRequest | Unreadable {
  const digest = "unreadable";
  const refuse = (message: string, param: string | null): Unreadable => ({
    error: errorReply(dialect, 400, message, { param, digest }),
    digest,
  });
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (!isJsonObject(parsed)) return refuse("The request's body must be a JSON object", null);
    return wires[dialect].read(parsed);
  } catch (error) {
    if (error instanceof BadRequest) return refuse(error.message, error.param);
    return refuse("The request's body is not valid JSON", null);
  }
}

/** Status to refuse with; an error inside a reply that has no stream becomes its status. */
function refusalStatus({ behaviour, stream }: SimulatorRequest): number {
  return behaviour.fault === "error_event" && !stream ? 500 : behaviour.errorStatus;
}

function refusal(request: SimulatorRequest, status: number): Reply {
  const text = `Weir's simulator was asked for status ${status}`;
  return errorReply(request.dialect, status, text, { param: null, digest: request.digest });
}

type Seen = Pick<BilledCall, "id" | "sequence" | "dialect" | "credential" | "requestSha256">;

function refused(seen: Seen, asked: SimulatorRequest | Unreadable, status: number): BilledCall {
  const isReadable = "model" in asked;
  return {
    ...seen,
    model: isReadable ? asked.model : "",
    stream: isReadable && asked.stream,
    status,
    end: "error",
    billed: null,
    reported: null,
    toolCalls: 0,
  };
}

function billed(
  request: SimulatorRequest,
  end: CallEnd,
  progress: Progress,
): Pick<BilledCall, "model" | "stream" | "status" | "end" | "billed" | "reported"> {
  return {
    model: request.model,
    stream: request.stream,
    status: 200,
    end,
    billed: {
      ...billInput(request),
      outputVisible: progress.visible,
      outputReasoning: progress.reasoning,
    },
    reported: progress.reported,
  };
}
