import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on TCP; port 0 = any free one. @throws what listening throws, for example EADDRINUSE. */
export async function listen(
  server: Server,
  { host, port, reusePort = false }: { host: string; port: number; reusePort?: boolean },
): Promise<AddressInfo> {
  server.listen({ host, port, reusePort, backlog: 1024 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return address;
}
