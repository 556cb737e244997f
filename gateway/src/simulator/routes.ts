import type { IncomingMessage } from "node:http";
import { anthropicRoutes } from "./anthropic/routes.ts";
import { anthropicWire } from "./anthropic/wire.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { eventStreamFraming } from "./openai-responses/framing.ts";
import { ResponseMemory } from "./openai-responses/memory.ts";
import { responsesRoutes } from "./openai-responses/routes.ts";
import { responsesSocket } from "./openai-responses/socket.ts";
import { responsesWire } from "./openai-responses/wire.ts";
import { chatRoutes } from "./openai-chat/routes.ts";
import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import type { SocketRoute } from "./upgrade.ts";
import type { Wire } from "./wire.ts";

export interface Served {
  readonly routes: readonly Route[];
  readonly sockets: readonly SocketRoute[];
}

/** All that the simulator serves. What keeps state is made here, once a simulator. */
export function everythingServed(): Served {
  const responses = new ResponseMemory(10_000, 67_108_864);
  const routes = [
    ...chatRoutes,
    ...responsesRoutes(responsesWire(responses, eventStreamFraming), responses),
    ...anthropicRoutes,
    ...modelRoutes,
    ...ledgerRoutes,
  ];
  return { routes, sockets: [responsesSocket(responses)] };
}

/** The wire format whose error a call gets that no route takes. */
export function unroutedWire(path: string, message: IncomingMessage): Wire {
  if (path.startsWith("/v1/messages")) return anthropicWire;
  return message.headers["anthropic-version"] === undefined ? chatWire : anthropicWire;
}
