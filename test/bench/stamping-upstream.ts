// An upstream whose streams carry the time at which each chunk was written, in nanoseconds of the
// machine's monotonic clock, which all processes share: so a chunk's way can be timed.
import { createServer } from "node:http";

const chunks = Number(process.argv[2] ?? 20);
const intervalMs = Number(process.argv[3] ?? 500);

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let sent = 0;
    const write = (): void => {
      const choice = { index: 0, delta: { content: "word " }, finish_reason: null };
      const at = String(process.hrtime.bigint());
      response.write(
        `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "m", at, choices: [choice] })}\n\n`,
      );
      sent += 1;
      if (sent < chunks) return;
      clearInterval(timer);
      response.end("data: [DONE]\n\n");
    };
    const timer = setInterval(write, intervalMs);
    response.once("close", () => clearInterval(timer));
    write();
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
process.once("SIGTERM", () => process.exit(0));
