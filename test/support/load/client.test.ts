import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { LoadJob, LoadResult } from "./job.ts";

const client = fileURLToPath(new URL("client.ts", import.meta.url));

async function run(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [client], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(job));
  await once(child, "close");
  const result: LoadResult = JSON.parse(Buffer.concat(chunks).toString());
  return result;
}

it("counts the wait of requests that a stalled server held up", async () => {
  let replies = 0;
  // The twentieth reply takes 300 ms; on one connection all later ones are due meanwhile.
  const server = createServer((_request, response) => {
    replies += 1;
    setTimeout(() => response.end("{}"), replies === 20 ? 300 : 0);
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const result = await run({
      port,
      request: "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
      seconds: 1,
      warmUpSeconds: 0,
      ratePerSecond: 100,
      connections: 1,
      measure: "end",
    });
    expect(result.completed).toBe(100);
    // Thirty requests fell due in the stall: a client that omits them would count one slow one.
    const slow = result.latenciesMs.filter((latencyMs) => latencyMs > 100);
    expect(slow.length).toBeGreaterThan(15);
  } finally {
    server.close();
  }
});
