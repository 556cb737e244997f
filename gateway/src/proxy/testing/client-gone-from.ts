import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const CHANNEL = "http.server.request.start";

interface Started {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Resolves when the server at this address has noticed that the client of its next request has
 * gone: only then can a test be sure of what the provider sends afterwards.
 */
export function clientGoneFrom(url: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const port = Number(new URL(url).port);
  const onStart = (message: unknown) => {
    if (!isStarted(message) || portOf(message.request) !== port) return;
    unsubscribe(CHANNEL, onStart);
    void once(message.response, "close").then(() => resolve());
  };
  subscribe(CHANNEL, onStart);
  return promise;
}

function isStarted(message: unknown): message is Started {
  return typeof message === "object" && message !== null && "response" in message;
}

function portOf({ socket }: IncomingMessage): number | undefined {
  const address: Partial<AddressInfo> = socket.address();
  return address.port;
}
