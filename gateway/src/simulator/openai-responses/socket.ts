import type { WebSocket } from "ws";
import { deliverTo } from "../deliver.ts";
import { bodySeen, entryCloser, openEntry } from "../entry.ts";
import { withFault } from "../fault.ts";
import type { Outlet } from "../outlet.ts";
import type { Reply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import { asAsked, parsedObject, replyTo } from "../serve-call.ts";
import { socketOutlet } from "../socket-outlet.ts";
import type { SocketRoute } from "../upgrade.ts";
import type { Asked, SocketCall, Wire } from "../wire.ts";
import { socketFraming } from "./framing.ts";
import { ResponseMemory } from "./memory.ts";
import { responsesWire } from "./wire.ts";

const maxWaitingFrames = 64;
const maxResponsesASocket = 1000;

/** Responses over a WebSocket: each frame of the client is a request, answered one after another. */
export function responsesSocket(memory: ResponseMemory): SocketRoute {
  return {
    path: "/v1/responses",
    serve: (socket, call) => {
      // A response is known on its own socket even when it is not stored.
      const known = new ResponseMemory(maxResponsesASocket, 0, memory);
      const wire = responsesWire(known, socketFraming);
      const outlet = socketOutlet(socket);
      inTurn(socket, async (frame) => answerFrame(wire, call, outlet, frame));
    },
  };
}

function inTurn(socket: WebSocket, answer: (frame: Buffer) => Promise<void>): void {
  let waiting = 0;
  let last = Promise.resolve();
  socket.on("message", (data: Buffer) => {
    waiting += 1;
    if (waiting > maxWaitingFrames) {
      socket.close(1013, "Too many frames are waiting");
      return;
    }
    last = last.then(async () => answer(data)).finally(() => (waiting -= 1));
  });
}

async function answerFrame(
  wire: Wire,
  call: SocketCall,
  outlet: Outlet,
  frame: Buffer,
): Promise<void> {
  const body = bodySeen(frame);
  const asked = asAsked(wire, body, () => readFrame(wire, frame, body.sha256));
  const isError = "error" in asked;
  const seen = openEntry(wire, call, body, isError ? null : asked);
  const reply = isError ? asked.error : replyTo(wire, call, asked);
  const finish = entryCloser(call.ledger, seen, reply);
  const { delayMs = 0, firstByteDelayMs = 0 } = isError ? {} : asked.behaviour;
  const delivery = { reply, delayMs, firstByteDelayMs, cut: null };
  if (isError || reply.status >= 400) {
    const steps = [errorFrame(reply)];
    await deliverTo(outlet, { ...delivery, steps, ending: "complete" }, finish);
    return;
  }
  await deliverTo(outlet, { ...delivery, ...withFault(reply, asked.behaviour) }, finish);
}

function readFrame(wire: Wire, frame: Buffer, sha256: string): Asked {
  const { type, ...json } = parsedObject(frame.toString());
  if (type !== "response.create") throw new BadRequest("type must be response.create", "type");
  return wire.read({ json: { ...json, stream: true }, sha256, params: {}, query: noQuery });
}

const noQuery = new URLSearchParams();

/** A refusal that over HTTP would be a status and a body. */
function errorFrame({ status, headers, steps: [only] }: Reply): Reply["steps"][number] {
  const { error } = parsedObject(String(only?.bytes));
  const bytes = JSON.stringify({ type: "error", status, error, headers });
  return { bytes, visible: 0, reasoning: 0 };
}
