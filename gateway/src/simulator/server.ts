import { createServer, type Server } from "node:http";
import { Attempts } from "./attempts.ts";
import { Ledger } from "./ledger.ts";
import { RouteTable } from "./route.ts";
import { routeCall } from "./route-call.ts";
import { everythingServed } from "./routes.ts";
import { asksForWebSocket, takeUpgrades } from "./upgrade.ts";
import type { Shared } from "./wire.ts";

export interface SimulatorOptions {
  readonly host?: string;
  /** 0 = any free port. */
  readonly port?: number;
  /** How many calls the ledger holds; older ones are dropped, and counted. */
  readonly ledgerCapacity?: number;
  readonly maxBodyBytes?: number;
  /** Whether to serve WebSockets, default true; otherwise their upgrade is answered with 426. */
  readonly webSocket?: boolean;
}

export interface Simulator {
  /** Without a path: an OpenAI client's base URL is this plus `/v1`, an Anthropic client's is this. */
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** Ends all connections, also those in use, and stops listening. */
  readonly close: () => Promise<void>;
}

/**
 * Starts Weir's built-in upstream, which speaks the wire formats of `routes.ts`. It calls no
 * model: replies and bills are functions of the request. Any credential is accepted.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? "127.0.0.1";
  const shared: Shared = {
    ledger: new Ledger(options.ledgerCapacity ?? 100_000),
    maxBodyBytes: options.maxBodyBytes ?? 67_108_864,
    attempts: new Attempts(10_000),
  };
  const { routes, sockets } = everythingServed();
  const table = new RouteTable(routes);
  const server = createServer(
    { keepAliveTimeout: 75_000, shouldUpgradeCallback: asksForWebSocket },
    (message, response) => routeCall(table, shared, message, response),
  );
  const accepts = options.webSocket ?? true;
  const endSockets = takeUpgrades(server, { accepts, sockets, shared });
  const port = await listen(server, host, options.port ?? 0);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    ledger: shared.ledger,
    close: async () => {
      endSockets();
      await close(server);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
