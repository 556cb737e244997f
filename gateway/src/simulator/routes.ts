import type { IncomingMessage } from "node:http";
import { anthropicRoutes } from "./anthropic/routes.ts";
import { anthropicWire } from "./anthropic/wire.ts";
import { geminiRoutes } from "./gemini/routes.ts";
import { geminiWire } from "./gemini/wire.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { eventStreamFraming } from "./openai-responses/framing.ts";
import { ResponseMemory } from "./openai-responses/memory.ts";
import { responsesRoutes } from "./openai-responses/routes.ts";
import { responsesSocket } from "./openai-responses/socket.ts";
import { responsesWire } from "./openai-responses/wire.ts";
import { audioRoutes } from "./openai-audio/routes.ts";
import { completionsWire } from "./openai-completions/wire.ts";
import { embeddingsWire } from "./openai-embeddings/wire.ts";
import { batchRoutes } from "./openai-files/batches.ts";
import { type FileStore, fileRoutes } from "./openai-files/files.ts";
import { Store } from "./openai-files/store.ts";
import { imageRoutes } from "./openai-images/routes.ts";
import { moderationsWire } from "./openai-moderations/wire.ts";
import { openaiJsonRoutes } from "./openai/json-routes.ts";
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
  const responsesHttp = responsesWire(responses, eventStreamFraming);
  const files: FileStore = new Store(1000, 67_108_864, (file) => file.content.length);
  const batched = {
    "/v1/chat/completions": chatWire,
    "/v1/completions": completionsWire,
    "/v1/embeddings": embeddingsWire,
    "/v1/moderations": moderationsWire,
    "/v1/responses": responsesHttp,
  };
  const routes = [
    ...chatRoutes,
    ...responsesRoutes(responsesHttp, responses),
    ...openaiJsonRoutes,
    ...audioRoutes,
    ...imageRoutes,
    ...fileRoutes(files),
    ...batchRoutes(files, batched),
    ...anthropicRoutes(),
    ...geminiRoutes,
    ...modelRoutes,
    ...ledgerRoutes,
  ];
  return { routes, sockets: [responsesSocket(responses)] };
}

/** The wire format whose error a call gets that no route takes. */
export function unroutedWire(path: string, message: IncomingMessage): Wire {
  if (path.startsWith("/v1/messages")) return anthropicWire;
  if (path.startsWith("/v1beta/") || /^\/v1\/(?:models|tunedModels)\/.+:/.test(path))
    return geminiWire;
  return message.headers["anthropic-version"] === undefined ? chatWire : anthropicWire;
}
