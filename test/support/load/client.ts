// A load client in a process of its own: reads a LoadJob, prints a LoadResult.
import { once } from "node:events";
import { runClosedLoop } from "./closed-loop.ts";
import type { LoadJob } from "./job.ts";
import { OpenLoop } from "./open-loop.ts";

const chunks: Buffer[] = [];
process.stdin.on("data", (chunk: Buffer) => chunks.push(chunk));
await once(process.stdin, "end");
const job: LoadJob = JSON.parse(Buffer.concat(chunks).toString());
const { ratePerSecond } = job;
const result =
  ratePerSecond === null ? await runClosedLoop(job) : await new OpenLoop(job, ratePerSecond).run();
process.stdout.write(JSON.stringify(result), () => process.exit(0));
