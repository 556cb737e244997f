import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drainable } from "./drain.ts";
import { listen } from "./listen.ts";

let server: Server;
let port: number;
let drain: (graceMs: number) => Promise<void>;
let answers: ServerResponse[];
let clients: Socket[];

beforeEach(async () => {
  answers = [];
  clients = [];
  server = createServer((_request, response) => answers.push(response));
  drain = drainable(server, { drain: () => undefined, cut: () => undefined });
  ({ port } = await listen(server, { host: "127.0.0.1", port: 0 }));
});

afterEach(() => {
  for (const client of clients) client.destroy();
  server.closeAllConnections();
});

async function connected(): Promise<Socket> {
  const accepted = once(server, "connection");
  const client = connect(port, "127.0.0.1").on("error", () => undefined);
  clients.push(client);
  await Promise.all([once(client, "connect"), accepted]);
  return client;
}

async function asked(): Promise<Socket> {
  const client = await connected();
  const request = once(server, "request");
  client.write("GET / HTTP/1.1\r\nhost: weir\r\n\r\n");
  await request;
  return client.resume();
}

test("a connection that a client opened ahead, without a word, does not hold up the end", async () => {
  const client = await connected();
  const ended = once(client.resume(), "close");
  const begun = performance.now();
  await drain(60_000);
  await ended;
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("a call under way comes to its end, and its kept-alive connection ends with it", async () => {
  const client = await asked();
  const drained = drain(60_000);
  const ended = once(client, "close");
  answers[0]?.end("answered");
  await Promise.all([drained, ended]);
  expect(client.bytesRead).toBeGreaterThan("answered".length);
});

test("a call that has no end is cut when the time is over", async () => {
  const client = await asked();
  const ended = once(client, "close");
  await drain(100);
  await ended;
  expect(answers[0]?.writableFinished).toBe(false);
});
