import { once } from "node:events";
import { request } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SimulatorUnderTest } from "../simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeEach(async () => {
  server = await SimulatorUnderTest.start({ maxBodyBytes: 100_000 });
});
afterEach(() => server[Symbol.asyncDispose]());

interface Event {
  readonly type: string;
  readonly sequence_number?: number;
  readonly response: {
    readonly id: string;
    readonly usage: { readonly input_tokens: number };
  };
}

const endings = ["response.completed", "response.incomplete", "response.failed", "error"];

class Client {
  readonly socket: WebSocket;
  readonly events: Event[] = [];
  #ended: () => void = () => undefined;

  constructor(url: string) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/v1/responses`, {
      headers: { authorization: "Bearer k" },
    });
    this.socket.on("message", (data: Buffer) => {
      const event: Event = JSON.parse(data.toString());
      this.events.push(event);
      if (endings.includes(event.type)) this.#ended();
    });
  }

  static async connect(url = server.simulator.url): Promise<Client> {
    const client = new Client(url);
    await once(client.socket, "open");
    return client;
  }

  send(body: object): void {
    this.socket.send(JSON.stringify({ type: "response.create", ...body }));
  }

  async ask(body: object): Promise<readonly Event[]> {
    const start = this.events.length;
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    this.send(body);
    await ended;
    return this.events.slice(start);
  }
}

it("answers one response after another on one socket with the events of a stream", async () => {
  const client = await Client.connect();
  client.send({ model: "m", input: "one" });
  client.send({ model: "m", input: "two words" });
  await expect.poll(() => client.events.filter(({ type }) => type === endings[0])).toHaveLength(2);
  const both = client.events;
  const created = both.filter(({ type }) => type === "response.created");
  expect(both.map(({ sequence_number }) => sequence_number)).toEqual([
    ...Array.from({ length: both.length / 2 }, (_, index) => index),
    ...Array.from({ length: both.length / 2 }, (_, index) => index),
  ]);
  const calls = server.simulator.ledger.calls();
  expect(calls).toMatchObject([
    { stream: true, end: "complete", credential: { kind: "bearer" } },
    { stream: true, end: "complete", credential: { kind: "bearer" } },
  ]);
  // A call's id holds the digest that its response's id is made of.
  const digests = created.map(({ response }) => response.id.slice("resp_".length));
  expect(calls.map(({ id }) => id.split("_")[1])).toEqual(digests);
  client.socket.close();
});

it("answers a frame that only warms up with nothing, bills nothing, and can be gone on from", async () => {
  const client = await Client.connect();
  const warm = { model: "m", instructions: "be brief", input: [], store: false };
  const events = await client.ask({ ...warm, generate: false });
  expect(events.map(({ type }) => type)).toEqual(["response.created", "response.completed"]);
  const response = events.at(-1)?.response;
  expect(response).toMatchObject({ output: [], usage: { total_tokens: 0 } });
  expect(server.lastCall()).toMatchObject({ billed: { inputUncached: 0, outputVisible: 0 } });
  const next = await client.ask({ model: "m", input: "x", previous_response_id: response?.id });
  expect(next.at(-1)?.response.usage.input_tokens).toBe(7 + 3 + 3);
  client.socket.close();
});

it("knows an unstored response on its own socket and nowhere else", async () => {
  const [here, elsewhere] = [await Client.connect(), await Client.connect()];
  const made = (await here.ask({ model: "m", input: "x", store: false })).at(-1)?.response.id;
  const next = { model: "m", input: "y", previous_response_id: made };
  expect((await here.ask(next)).at(-1)?.type).toBe("response.completed");
  expect(await elsewhere.ask(next)).toMatchObject([
    { type: "error", status: 400, error: { code: "previous_response_not_found" } },
  ]);
  const overHttp = await server.post("/v1/responses", next);
  expect(overHttp.status).toBe(400);
  for (const client of [here, elsewhere]) client.socket.close();
});

it("takes a frame that is sent again for the same, whatever its client tells of the try", async () => {
  const client = await Client.connect();
  const lastOf = async (startedMs: number) => {
    const client_metadata = { "x-codex-ws-stream-request-start-ms": String(startedMs) };
    return (await client.ask({ model: "sim-flaky-1", input: "x", client_metadata })).at(-1);
  };
  expect(await lastOf(1)).toMatchObject({ type: "error", status: 503 });
  expect(await lastOf(2)).toMatchObject({ type: "response.completed" });
  client.socket.close();
});

it("answers what it cannot read or is to refuse with an error frame, and goes on", async () => {
  const client = await Client.connect();
  expect(await client.ask({ input: "no model" })).toMatchObject([{ status: 400 }]);
  expect(await client.ask({ type: "session.update" })).toMatchObject([{ status: 400 }]);
  expect(await client.ask({ model: "sim-error-429-retryafter-7" })).toMatchObject([
    { type: "error", status: 429, headers: { "retry-after": "7" }, error: { param: null } },
  ]);
  client.socket.send("{");
  await expect.poll(() => client.events.length).toBe(4);
  expect((await client.ask({ model: "m", input: "x" })).length).toBeGreaterThan(5);
  expect(server.simulator.ledger.totals()).toMatchObject({ calls: 5, billedCalls: 1, open: 0 });
  client.socket.close();
});

it("fails inside a response, and goes on", async () => {
  const client = await Client.connect();
  const failed = await client.ask({ model: "sim-fail-2", input: "x" });
  expect(failed.at(-1)).toMatchObject({ type: "error", status: 500 });
  expect(server.lastCall()).toMatchObject({ end: "error_event", billed: { outputVisible: 2 } });
  expect((await client.ask({ model: "sim-slow-1", input: "x" })).length).toBeGreaterThan(5);
  client.socket.close();
});

it("breaks the connection in mid-response, and bills what it had sent", async () => {
  const client = await Client.connect();
  client.send({ model: "sim-die-4", input: "x" });
  const [code] = await once(client.socket, "close");
  expect(code).toBe(1006);
  expect(client.events.filter(({ type }) => type === "response.output_text.delta")).toHaveLength(4);
  expect(server.lastCall()).toMatchObject({ end: "died", billed: { outputVisible: 4 } });
});

it.each([
  ["stalls until the client leaves", "sim-stall-2", "stalled"],
  ["notices a client that leaves", "sim-long-1000-slow-5", "client_abort"],
])("%s", async (_what, model, end) => {
  const client = await Client.connect();
  client.send({ model, input: "x" });
  await expect.poll(() => client.events.length).toBeGreaterThan(5);
  expect(server.simulator.ledger.totals()).toMatchObject({ calls: 0, open: 1 });
  client.socket.terminate();
  await expect.poll(() => server.simulator.ledger.totals().calls).toBe(1);
  expect(server.lastCall().end).toBe(end);
});

it("closes a socket whose client heaps up frames or sends one that is too large", async () => {
  const heaping = await Client.connect();
  for (let i = 0; i < 70; i += 1) heaping.send({ model: "sim-stall", input: "x" });
  expect((await once(heaping.socket, "close"))[0]).toBe(1013);
  const large = await Client.connect();
  large.send({ model: "m", input: "x".repeat(100_001) });
  expect((await once(large.socket, "close"))[0]).toBe(1009);
});

it("refuses the upgrade at once where sockets are switched off, and elsewhere than on its path", async () => {
  await using without = await SimulatorUnderTest.start({ webSocket: false });
  expect(await upgradeStatus(`${without.simulator.url}/v1/responses`)).toBe(426);
  expect(await upgradeStatus(`${server.simulator.url}/v1/chat/completions`)).toBe(404);
});

it("negotiates no compression", async () => {
  const client = await Client.connect();
  expect(client.socket.extensions).toBe("");
  client.socket.close();
});

async function upgradeStatus(url: string): Promise<number | undefined> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "c2ltdWxhdG9yc2ltdWxhdA==",
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("upgrade", () => reject(new Error("upgraded"))).once("error", reject);
    sent.end();
  });
}
