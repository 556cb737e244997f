import { hash } from "node:crypto";
import { credentialOf } from "./credential.ts";
import type { Finish, Progress } from "./deliver.ts";
import type { BilledCall } from "./ledger.ts";
import type { Reply } from "./reply.ts";
import type { Asked, Received, Format } from "./wire.ts";

/** A request's body as far as the ledger keeps it. */
export interface BodySeen {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What the ledger knows of a call before it is answered. */
export type Seen = Omit<BilledCall, "status" | "end" | "billed" | "reported" | Counted>;
type Counted = "toolCalls" | "serverToolCalls" | "billedSeconds";

export function bodySeen(body: Buffer): BodySeen {
  return { sha256: hash("sha256", body), bytes: body.length };
}

/** Opens a call's entry. `asked` is null for a request that could not be read. */
export function openEntry(
  wire: Format,
  { ledger, message }: Pick<Received, "ledger" | "message">,
  body: BodySeen,
  asked: Asked | null,
): Seen {
  const sequence = ledger.begin();
  return {
    id: `req_${asked?.digest ?? body.sha256.slice(0, 24)}_${sequence}`,
    sequence,
    dialect: wire.dialect,
    model: asked?.model ?? "",
    stream: asked?.stream ?? false,
    credential: credentialOf(message.headers, message.url),
    requestSha256: body.sha256,
    requestBytes: body.bytes,
  };
}

/** What enters a call when its reply ends. */
export function entryCloser(ledger: Received["ledger"], seen: Seen, reply: Reply): Finish {
  const isRefused = reply.status >= 400;
  return (end, progress) => {
    ledger.record({
      ...seen,
      status: reply.status,
      end: isRefused ? "error" : end,
      billed: isRefused ? null : billed(reply, progress),
      reported: progress.reported,
      toolCalls: reply.toolCalls,
      serverToolCalls: reply.serverToolCalls ?? {},
      billedSeconds: isRefused ? 0 : (reply.billedSeconds ?? 0),
    });
  };
}

function billed(reply: Reply, progress: Progress): BilledCall["billed"] {
  const { visible, reasoning, audioOut } = progress;
  return { ...reply.billedInput, outputVisible: visible, outputReasoning: reasoning, audioOut };
}
