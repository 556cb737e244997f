// What a proxy on the same libraries costs that does nothing at all: the yardstick for Weir.
import { createServer } from "node:http";
import { Pool } from "undici";

const pool = new Pool(process.argv[2] ?? "", { connections: 2048 });
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "host"]);

const server = createServer((request, response) => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !hopByHop.has(name)),
  );
  const options = { path: request.url ?? "/", method: request.method ?? "GET", headers };
  pool
    .stream({ ...options, body: request }, (upstream) => {
      const kept = Object.entries(upstream.headers).filter(([name]) => !hopByHop.has(name));
      return response.writeHead(upstream.statusCode, Object.fromEntries(kept));
    })
    .catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
process.once("SIGTERM", () => process.exit(0));
