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

/** A completion request as it arrived. */
export interface Call {
  readonly dialect: Dialect;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly ledger: Ledger;
}

/** Answers one completion request and enters it in the ledger, whatever becomes of it. */
export function serveCall(call: Call): void {
  const sha256 = hash("sha256", call.body);
  const asked = readRequest(call.dialect, call.body, sha256);
  const sequence = call.ledger.begin();
  const seen: Seen = {
    id: `req_${asked.digest}_${sequence}`,
    sequence,
    dialect: call.dialect,
    credential: credentialOf(call.message.headers),
    requestSha256: sha256,
  };
  if ("error" in asked) refuse(call, seen, asked.error, 0);
  else if (refusalStatus(asked) > 0)
    refuse(call, { ...seen, ...named(asked) }, refusal(asked), asked.behaviour.delayMs);
  else complete(call, seen, asked);
}

function complete(call: Call, seen: Seen, asked: SimulatorRequest): void {
  const { reply, toolCalls } = completion(asked);
  const errorEvent = asked.stream
    ? wires[call.dialect].errorEvent("Weir's simulator was asked to fail here")
    : null;
  deliver(
    call.response,
    {
      ...withFault(reply.steps, asked.behaviour, errorEvent),
      reply: identified(reply, seen),
      delayMs: asked.behaviour.delayMs,
      cut: cutOf(call.message.headers),
    },
    (end, progress) => {
      call.ledger.record({ ...seen, ...named(asked), ...billed(asked, end, progress), toolCalls });
    },
  );
}

function refuse(call: Call, seen: Seen & Partial<Named>, reply: Reply, delayMs: number): void {
  deliver(
    call.response,
    {
      steps: reply.steps,
      ending: "complete",
      reply: identified(reply, seen),
      delayMs,
      cut: cutOf(call.message.headers),
    },
    () => {
      const { status } = reply;
      const nothing = { billed: null, reported: null, toolCalls: 0 };
      call.ledger.record({ model: "", stream: false, ...seen, ...nothing, status, end: "error" });
    },
  );
}

type Seen = Pick<BilledCall, "id" | "sequence" | "dialect" | "credential" | "requestSha256">;
type Named = Pick<BilledCall, "model" | "stream">;

function named({ model, stream }: SimulatorRequest): Named {
  return { model, stream };
}

function identified(reply: Reply, { id, dialect }: Seen): Reply {
  const headers = { "x-simulator-id": id, [wires[dialect].requestIdHeader]: id };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

type Unreadable = { readonly error: Reply; readonly digest: string };

function readRequest(
  dialect: Dialect,
  body: Buffer,
  sha256: string,
): SimulatorRequest | Unreadable {
  const digest = sha256.slice(0, 24);
  const unreadable = (message: string, param: string | null): Unreadable => ({
    error: errorReply(dialect, 400, message, { param, digest }),
    digest,
  });
  try {
    const json: unknown = JSON.parse(body.toString());
    if (!isJsonObject(json)) return unreadable("The request's body must be a JSON object", null);
    return wires[dialect].read({ json, sha256 });
  } catch (error) {
    if (error instanceof BadRequest) return unreadable(error.message, error.param);
    return unreadable("The request's body is not valid JSON", null);
  }
}

/** Status to refuse with, 0 for none. An error inside a reply that is no stream is its status. */
function refusalStatus({ behaviour, stream }: SimulatorRequest): number {
  return behaviour.fault === "error_event" && !stream ? 500 : behaviour.errorStatus;
}

function refusal(request: SimulatorRequest): Reply {
  const status = refusalStatus(request);
  const text = `Weir's simulator was asked for status ${status}`;
  return errorReply(request.dialect, status, text, { param: null, digest: request.digest });
}

function billed(
  request: SimulatorRequest,
  end: CallEnd,
  progress: Progress,
): Pick<BilledCall, "status" | "end" | "billed" | "reported"> {
  const output = { outputVisible: progress.visible, outputReasoning: progress.reasoning };
  return {
    status: 200,
    end,
    billed: { ...billInput(request), ...output },
    reported: progress.reported,
  };
}
