// Holds many streams open at once, spread evenly over one interval; reads a job, prints how long the
// first and all later chunks took from the upstream's write to here, and each first token from its request.
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";

export interface StreamJob {
  readonly port: number;
  readonly request: string;
  readonly streams: number;
  /** Time over which the streams are begun, milliseconds. */
  readonly spreadMs: number;
}

export interface StreamResult {
  readonly chunkMs: readonly number[];
  readonly firstTokenMs: readonly number[];
}

const chunks: Buffer[] = [];
process.stdin.on("data", (chunk: Buffer) => chunks.push(chunk));
await once(process.stdin, "end");
const job: StreamJob = JSON.parse(Buffer.concat(chunks).toString());
const chunkMs: number[] = [];
const firstTokenMs: number[] = [];

async function stream(): Promise<void> {
  const socket = connect({ port: job.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const begun = process.hrtime.bigint();
  socket.write(job.request, "latin1");
  let carried = "";
  let isFirst = true;
  for await (const bytes of socket) {
    const now = process.hrtime.bigint();
    const part: Buffer = bytes;
    carried += part.toString("latin1");
    for (const match of carried.matchAll(/"at":"(\d+)"/g)) {
      const tookMs = Number(now - BigInt(match[1] ?? 0)) / 1e6;
      if (isFirst) firstTokenMs.push(Number(now - begun) / 1e6);
      else chunkMs.push(tookMs);
      isFirst = false;
    }
    if (carried.includes("[DONE]")) break;
    carried = carried.slice(carried.lastIndexOf("\n\n") + 1);
  }
  socket.destroy();
  if (isFirst) throw new Error("a stream brought no chunk");
}

await Promise.all(
  Array.from({ length: job.streams }, async (_, index) => {
    await setTimeout((index * job.spreadMs) / job.streams);
    await stream();
  }),
);
const result: StreamResult = { chunkMs, firstTokenMs };
process.stdout.write(JSON.stringify(result), () => process.exit(0));
