import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cutWhenStalled, whenDrained } from "./when-drained.ts";

const STALL_MS = 100;
/** More than the sockets' own buffers on both sides take. */
const large = Buffer.alloc(40_000_000, "x");

let server: Server;
let client: Socket;
let answering: Promise<ServerResponse>;

beforeEach(async () => {
  const begun = Promise.withResolvers<ServerResponse>();
  answering = begun.promise;
  server = createServer((request, response) => {
    request.resume();
    begun.resolve(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { port } = server.address() as AddressInfo;
  client = connect({ port, host: "127.0.0.1" });
  client.on("error", () => undefined);
  client.pause();
  client.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
});

afterEach(async () => {
  client.destroy();
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

test("a client that takes nothing is cut, and whoever waits for it is told", async () => {
  const response = await answering;
  expect(response.write(large)).toBe(false);
  await new Promise<void>((resolve) => whenDrained(response, STALL_MS, resolve));
  expect(response.destroyed).toBe(true);
});

test("a client that reads is waited for, and not cut", async () => {
  const response = await answering;
  expect(response.write(large)).toBe(false);
  client.resume();
  await new Promise<void>((resolve) => whenDrained(response, 60_000, resolve));
  expect(response.destroyed).toBe(false);
  expect(response.listenerCount("drain")).toBe(0);
});

test("what is left of an ended answer is not kept for a client that takes nothing", async () => {
  const response = await answering;
  response.end(large);
  cutWhenStalled(response, STALL_MS);
  await once(response, "close");
  expect(response.writableFinished).toBe(false);
});

test("an ended answer goes out whole to a client that reads, and its connection stays", async () => {
  const response = await answering;
  response.end(large);
  cutWhenStalled(response, 60_000);
  client.resume();
  await once(response, "finish");
  expect(response.writableFinished).toBe(true);
  expect(client.destroyed).toBe(false);
});
