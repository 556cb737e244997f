import { hash } from "node:crypto";
import { credentialOf } from "./credential.ts";
import { cutOf } from "./cut.ts";
import { deliver, type Progress } from "./deliver.ts";
import { errorReply } from "./error-reply.ts";
import { withFault } from "./fault.ts";
import { isJsonObject } from "./json-value.ts";
import type { BilledCall } from "./ledger.ts";
import type { Reply } from "./reply.ts";
import { BadRequest } from "./request.ts";
import type { Asked, Received, Wire } from "./wire.ts";

/** Answers one JSON request and enters it in the ledger, whatever becomes of it. */
export function serveCall(wire: Wire, call: Received): void {
  const sha256 = hash("sha256", call.body);
  const asked = readRequest(wire, call, sha256);
  const sequence = call.ledger.begin();
  const seen: Seen = {
    id: `req_${asked.digest}_${sequence}`,
    sequence,
    dialect: wire.dialect,
    credential: credentialOf(call.message.headers),
    requestSha256: sha256,
  };
  if ("error" in asked) refuse(wire, call, seen, asked.error, 0);
  else if (refusalStatus(asked) > 0) {
    const { delayMs } = asked.behaviour;
    refuse(wire, call, { ...seen, ...named(asked) }, refusal(wire, asked), delayMs);
  } else complete(wire, call, seen, asked);
}

function complete(wire: Wire, call: Received, seen: Seen, asked: Asked): void {
  const reply = asked.reply();
  deliver(
    call.response,
    {
      ...withFault(reply, asked.behaviour),
      reply: identified(wire, reply, seen),
      delayMs: asked.behaviour.delayMs,
      cut: cutOf(call.message.headers),
    },
    (end, progress) => {
      const { status, toolCalls } = reply;
      call.ledger.record({
        ...seen,
        ...named(asked),
        ...billed(reply, progress),
        status,
        end,
        toolCalls,
        serverToolCalls: reply.serverToolCalls ?? {},
      });
    },
  );
}

function refuse(
  wire: Wire,
  call: Received,
  seen: Seen & Partial<Named>,
  reply: Reply,
  delayMs: number,
): void {
  deliver(
    call.response,
    {
      steps: reply.steps,
      ending: "complete",
      reply: identified(wire, reply, seen),
      delayMs,
      cut: cutOf(call.message.headers),
    },
    () => {
      const { status } = reply;
      const nothing = { billed: null, reported: null, toolCalls: 0, serverToolCalls: {} };
      call.ledger.record({ model: "", stream: false, ...seen, ...nothing, status, end: "error" });
    },
  );
}

type Seen = Pick<BilledCall, "id" | "sequence" | "dialect" | "credential" | "requestSha256">;
type Named = Pick<BilledCall, "model" | "stream">;

function named({ model, stream }: Asked): Named {
  return { model, stream };
}

function identified(wire: Wire, reply: Reply, { id }: Seen): Reply {
  const headers = { "x-simulator-id": id, [wire.requestIdHeader]: id };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

type Unreadable = { readonly error: Reply; readonly digest: string };

function readRequest(wire: Wire, call: Received, sha256: string): Asked | Unreadable {
  const digest = sha256.slice(0, 24);
  const unreadable = (message: string, param: string | null): Unreadable => ({
    error: errorReply(wire, 400, message, { param, digest }),
    digest,
  });
  try {
    const json: unknown = JSON.parse(call.body.toString());
    if (!isJsonObject(json)) return unreadable("The request's body must be a JSON object", null);
    return wire.read({ json, sha256, params: call.params, query: call.query });
  } catch (error) {
    if (error instanceof BadRequest) return unreadable(error.message, error.param);
    return unreadable("The request's body is not valid JSON", null);
  }
}

/** Status to refuse with, 0 for none. An error inside a reply that is no stream is its status. */
function refusalStatus({ behaviour, stream }: Asked): number {
  return behaviour.fault === "error_event" && !stream ? 500 : behaviour.errorStatus;
}

function refusal(wire: Wire, asked: Asked): Reply {
  const status = refusalStatus(asked);
  const text = `Weir's simulator was asked for status ${status}`;
  return errorReply(wire, status, text, { param: null, digest: asked.digest });
}

function billed(reply: Reply, progress: Progress): Pick<BilledCall, "billed" | "reported"> {
  const { visible, reasoning, audioOut } = progress;
  const output = { outputVisible: visible, outputReasoning: reasoning, audioOut };
  return { billed: { ...reply.billedInput, ...output }, reported: progress.reported };
}
