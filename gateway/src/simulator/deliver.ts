import type { ServerResponse } from "node:http";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { TokenCounts } from "../contracts/index.ts";
import type { Cut } from "./cut.ts";
import type { Ending } from "./fault.ts";
import type { CallEnd } from "./ledger.ts";
import type { Reply, Step } from "./reply.ts";
import { planWrites, type Write } from "./write-plan.ts";

export interface Delivery {
  readonly reply: Reply;
  readonly steps: readonly Step[];
  readonly ending: Ending;
  readonly delayMs: number;
  readonly cut: Cut | null;
}

/** What had gone out when a reply ended. */
export interface Progress {
  visible: number;
  reasoning: number;
  audioOut: number;
  reported: TokenCounts | null;
}

type Finish = (end: CallEnd, progress: Progress) => void;

const endOf: Readonly<Record<Ending, CallEnd>> = {
  complete: "complete",
  died: "died",
  stalled: "stalled",
  error_event: "error_event",
};

/**
 * Writes a reply. `finish` is called once: before the last bytes of a reply go out, so that whoever
 * has read them finds the call in the ledger, or when the client has gone.
 */
export function deliver(response: ServerResponse, delivery: Delivery, finish: Finish): void {
  const { reply, steps, ending, delayMs, cut } = delivery;
  const isWhole = reply.errorEvent === null;
  const [only] = steps;
  if (isWhole && ending === "complete" && delayMs === 0 && cut === null && only !== undefined) {
    writeHead(response, delivery);
    finish("complete", progressAfter([only]));
    response.end(only.bytes);
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const progress = progressAfter([]);
  const writes = planWrites(steps, cut, delayMs > 0);
  void writeAll({ response, delivery, writes, progress, gone: gone.signal, finish });
}

interface Writing {
  readonly response: ServerResponse;
  readonly delivery: Delivery;
  readonly writes: readonly Write[];
  readonly progress: Progress;
  readonly gone: AbortSignal;
  readonly finish: Finish;
}

async function writeAll(writing: Writing): Promise<void> {
  const { response, delivery, writes, progress, gone, finish } = writing;
  const { ending, delayMs, cut } = delivery;
  for (const [index, write] of writes.entries()) {
    if (write.pauses) await pause(delayMs, gone);
    else if (cut !== null && index > 0) await setImmediate();
    if (gone.aborted) {
      finish("client_abort", progress);
      return;
    }
    if (index === 0) writeHead(response, delivery);
    for (const step of write.completes) advance(progress, step);
    if (index === writes.length - 1 && ending !== "stalled") finish(endOf[ending], progress);
    const isLast = index === writes.length - 1 && ending !== "died" && ending !== "stalled";
    if (isLast) response.end(write.bytes);
    else await flushed(response, write.bytes, cut !== null || index === writes.length - 1, gone);
  }
  if (ending === "stalled") {
    await untilAborted(gone);
    finish("stalled", progress);
  }
  // A plain close and not a reset: a reset may throw away bytes that the peer has not read yet.
  if (ending === "died") response.socket?.destroy();
}

function writeHead(response: ServerResponse, { reply, steps, ending, cut }: Delivery): void {
  const headers: Record<string, string | number> = {
    ...reply.headers,
    "content-type": reply.contentType,
  };
  // A cut body is sent chunked: a chunk is a write that no buffer on the way can join to the next.
  if (reply.errorEvent === null && cut === null) {
    const whole = ending === "complete" ? steps : reply.steps;
    headers["content-length"] = Buffer.byteLength(whole[0]?.bytes ?? "");
  }
  response.writeHead(reply.status, headers);
}

function progressAfter(steps: readonly Step[]): Progress {
  const progress: Progress = { visible: 0, reasoning: 0, audioOut: 0, reported: null };
  for (const step of steps) advance(progress, step);
  return progress;
}

function advance(progress: Progress, step: Step): void {
  progress.visible += step.visible;
  progress.reasoning += step.reasoning;
  progress.audioOut += step.audioOut ?? 0;
  progress.reported = step.reported ?? progress.reported;
}

async function pause(delayMs: number, gone: AbortSignal): Promise<void> {
  await setTimeout(delayMs, undefined, { signal: gone }).catch(() => undefined);
}

/** Resolves when there is room for more, or, if `wholly`, when the bytes have gone to the socket. */
async function flushed(
  response: ServerResponse,
  bytes: string | Buffer,
  wholly: boolean,
  gone: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      gone.removeEventListener("abort", done);
      response.removeListener("drain", done);
      resolve();
    };
    gone.addEventListener("abort", done, { once: true });
    const hasRoom = response.write(bytes, () => {
      if (wholly) done();
    });
    if (!wholly && hasRoom) done();
    else if (!wholly) response.once("drain", done);
  });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
