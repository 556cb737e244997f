// A thread that says when requests are due. Node's timers are whole milliseconds, which at some
// thousand requests a second makes bursts; a futex wait is good to some tens of microseconds.
import { parentPort, workerData } from "node:worker_threads";

export interface PacerData {
  /** `process.hrtime.bigint()` of the first request. */
  readonly startNs: bigint;
  readonly intervalNs: number;
  readonly count: number;
}

const data: PacerData = workerData;
const { startNs, intervalNs, count } = data;
const never = new Int32Array(new SharedArrayBuffer(4));
const elapsedNs = (): number => Number(process.hrtime.bigint() - startNs);

for (let sent = 0; sent < count;) {
  const waitMs = (sent * intervalNs - elapsedNs()) / 1e6;
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  const due = Math.min(count, Math.floor(elapsedNs() / intervalNs) + 1);
  // Those that are late go out together, each still counted from when it was due.
  if (due > sent) parentPort?.postMessage(due, []);
  sent = Math.max(sent, due);
}
