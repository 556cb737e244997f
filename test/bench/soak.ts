/** Memory over very many calls, a fifth of them left in the middle of their stream. */
import { setTimeout } from "node:timers/promises";
import { Agent, request } from "undici";
import { chatBody } from "../support/load/chat-payload.ts";
import type { Cleanup } from "./cleanup.ts";
import { startTargets, type Target } from "./targets.ts";

const SAMPLES = 20;
const CONCURRENCY = 32;

export interface SoakSample {
  readonly calls: number;
  readonly workerMib: number;
  readonly allMib: number;
}

/** Calls Weir so often, and reads its memory at even intervals, idle for a moment each time. */
export async function measureSoak(
  calls: number,
  context: { readonly cleanup: Cleanup; readonly log: (line: string) => void },
): Promise<readonly SoakSample[]> {
  const [weir] = await startTargets(["weir"], context.cleanup);
  if (weir === undefined) throw new Error("Weir did not start");
  const agent = new Agent({ connections: CONCURRENCY * 2 });
  context.cleanup.add(() => agent.destroy());
  const samples: SoakSample[] = [];
  for (let step = 1; step <= SAMPLES; step += 1) {
    await runCalls(weir, agent, Math.ceil(calls / SAMPLES));
    await setTimeout(1_000);
    const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
    const sample = {
      calls: step * Math.ceil(calls / SAMPLES),
      workerMib: mib(weir.worker().rssBytes),
      allMib: mib(weir.total().rssBytes),
    };
    context.log(`${sample.calls} calls: worker ${sample.workerMib} MiB, all ${sample.allMib} MiB`);
    samples.push(sample);
  }
  return samples;
}

async function runCalls(target: Target, agent: Agent, count: number): Promise<void> {
  let begun = 0;
  const worker = async () => {
    while (begun < count) {
      begun += 1;
      await call(target, agent, begun);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** Of five calls three are whole, one is a stream, and one a stream that its client leaves. */
async function call(target: Target, agent: Agent, index: number): Promise<void> {
  const kind = index % 5;
  const isStream = kind >= 3;
  const leaves = kind === 4;
  const abort = new AbortController();
  const model = leaves ? "sim-long-50-slow-1" : "sim-long-20";
  try {
    const response = await request(`http://127.0.0.1:${target.port}/v1/chat/completions`, {
      dispatcher: agent,
      method: "POST",
      headers: { authorization: `Bearer ${target.key}`, "content-type": "application/json" },
      body: chatBody(isStream ? model : "sim-echo", isStream),
      signal: abort.signal,
    });
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    if (leaves) response.body.once("data", () => abort.abort());
    await response.body.text();
  } catch (error) {
    if (!leaves) throw error;
  }
}

export function soakReport(samples: readonly SoakSample[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    "## Memory over many calls",
    "",
    "60 % whole answers, 20 % streams, 20 % streams that the client leaves after the first chunk.",
    "",
    line(["calls", "worker, MiB", "all of Weir, MiB"]),
    line(["---", "---", "---"]),
    ...samples.map(({ calls, workerMib, allMib }) =>
      line([String(calls), String(workerMib), String(allMib)]),
    ),
  ].join("\n");
}
