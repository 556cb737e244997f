import type { ServerResponse } from "node:http";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { TokenCounts } from "../contracts/index.ts";
import type { Cut } from "./cut.ts";
import type { Ending } from "./fault.ts";
import type { CallEnd } from "./ledger.ts";
import { httpOutlet, type Outlet, writeHead } from "./outlet.ts";
import type { Reply, Step } from "./reply.ts";
import { planWrites, type Write } from "./write-plan.ts";

export interface Delivery {
  /** As it would be if nothing went wrong. */
  readonly reply: Reply;
  /** What is written of it. */
  readonly steps: readonly Step[];
  readonly ending: Ending;
  readonly delayMs: number;
  readonly firstByteDelayMs: number;
  readonly cut: Cut | null;
}

/** What had gone out when a reply ended. */
export interface Progress {
  visible: number;
  reasoning: number;
  audioOut: number;
  reported: TokenCounts | null;
}

export type Finish = (end: CallEnd, progress: Progress) => void;

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
  const { reply, steps, ending, delayMs, firstByteDelayMs, cut } = delivery;
  const isPlain = reply.errorEvent === null && ending === "complete" && cut === null;
  const [only] = steps;
  if (isPlain && delayMs === 0 && firstByteDelayMs === 0 && only !== undefined) {
    writeHead(response, delivery);
    finish("complete", progressAfter([only]));
    response.end(only.bytes);
    return;
  }
  void deliverTo(httpOutlet(response), delivery, finish);
}

/** Writes a reply step by step. Resolves when it has ended, however that was. */
export async function deliverTo(outlet: Outlet, delivery: Delivery, finish: Finish): Promise<void> {
  const { ending } = delivery;
  const progress = progressAfter([]);
  const writes = planWrites(delivery.steps, delivery.cut, delivery.delayMs > 0);
  for (const [index, write] of writes.entries()) {
    await untilDue(delivery, write, index, outlet.gone);
    if (outlet.gone.aborted) {
      finish("client_abort", progress);
      return;
    }
    if (index === 0) outlet.begin(delivery);
    for (const step of write.completes) advance(progress, step);
    const isLast = index === writes.length - 1;
    if (isLast && ending !== "stalled") finish(endOf[ending], progress);
    if (isLast && ending !== "died" && ending !== "stalled") outlet.end(write.bytes);
    else await outlet.write(write.bytes, delivery.cut !== null || isLast);
  }
  if (ending === "stalled") {
    await untilAborted(outlet.gone);
    finish("stalled", progress);
  }
  if (ending === "died") outlet.die();
}

async function untilDue(
  { delayMs, firstByteDelayMs, cut }: Delivery,
  write: Write,
  index: number,
  gone: AbortSignal,
): Promise<void> {
  const pauseMs = (index === 0 ? firstByteDelayMs : 0) + (write.pauses ? delayMs : 0);
  if (pauseMs > 0) {
    await setTimeout(pauseMs, undefined, { signal: gone }).catch(() => undefined);
  } else if (cut !== null && index > 0) await setImmediate();
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

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
