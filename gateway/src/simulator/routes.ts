import type { IncomingMessage } from "node:http";
import { anthropicRoutes } from "./anthropic/routes.ts";
import { anthropicWire } from "./anthropic/wire.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { eventStreamFraming } from "./openai-responses/framing.ts";
import { ResponseMemory } from "./openai-responses/memory.ts";
import { responsesRoutes } from "./openai-responses/routes.ts";
import { responsesWire } from "./openai-responses/wire.ts";
import { chatRoutes } from "./openai-chat/routes.ts";
import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import type { Wire } from "./wire.ts";

/** All that the simulator serves. One that keeps state makes it here, once a simulator. */
export function allRoutes(): readonly Route[] {
  const responses = new ResponseMemory(10_000, 67_108_864);
  return [
    ...chatRoutes,
    ...responsesRoutes(responsesWire(responses, eventStreamFraming), responses),
    ...anthropicRoutes,
    ...modelRoutes,
    ...ledgerRoutes,
  ];
}

/** The wire format whose error a call gets that no route takes. */
export function unroutedWire(path: string, message: IncomingMessage): Wire {
  if (path.startsWith("/v1/messages")) return anthropicWire;
  return message.headers["anthropic-version"] === undefined ? chatWire : anthropicWire;
}
