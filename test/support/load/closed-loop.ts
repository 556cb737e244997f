import { exchange } from "./exchange.ts";
import { HttpConnection } from "./http-connection.ts";
import type { LoadJob, LoadResult } from "./job.ts";

/** Every connection sends its next request as soon as it has a reply: finds the greatest throughput. */
export async function runClosedLoop(job: LoadJob): Promise<LoadResult> {
  const startMs = performance.now();
  const endMs = startMs + job.seconds * 1000;
  const warmMs = startMs + job.warmUpSeconds * 1000;
  const latenciesMs: number[] = [];
  let completed = 0;
  const loop = async (): Promise<void> => {
    const connection = new HttpConnection(job.port);
    for (let now = performance.now(); now < endMs; now = performance.now()) {
      const atMs = await exchange(connection, job);
      completed += 1;
      if (now >= warmMs) latenciesMs.push(atMs - now);
    }
    connection.destroy();
  };
  await Promise.all(Array.from({ length: job.connections }, loop));
  return { latenciesMs, completed, seconds: (performance.now() - startMs) / 1000 };
}
