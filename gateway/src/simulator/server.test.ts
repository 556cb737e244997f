import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "./server.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.ledger.reset());
afterAll(() => simulator.close());

const messages = [{ role: "user", content: "how are you" }];
const paths = { chat: "/v1/chat/completions", anthropic: "/v1/messages" };
type Wire = keyof typeof paths;

async function post(
  wire: Wire,
  body: object | string,
  headers: Record<string, string> = {},
  signal: AbortSignal | null = null,
): Promise<Response> {
  return fetch(simulator.url + paths[wire], {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal,
  });
}

async function untilBilled(count: number): Promise<void> {
  await expect.poll(() => simulator.ledger.totals().calls, { timeout: 5000 }).toBe(count);
}

const ask = (model: string, more: object = {}) => ({ model, max_tokens: 1000, messages, ...more });
const streamed = { stream: true, stream_options: { include_usage: true } };

describe.each(["chat", "anthropic"] as const)("on the %s wire", (wire) => {
  it("gives the same bytes for the same request, under an id of its own", async () => {
    const [first, second] = [await post(wire, ask("gpt-x")), await post(wire, ask("gpt-x"))];
    expect(await first.text()).toBe(await second.text());
    expect(first.headers.get("x-simulator-id")).not.toBe(second.headers.get("x-simulator-id"));
    expect(simulator.ledger.calls().map((call) => call.id)).toEqual([
      first.headers.get("x-simulator-id"),
      second.headers.get("x-simulator-id"),
    ]);
  });

  it("has a call in the ledger by the time its reply has been read", async () => {
    for (const more of [{}, streamed]) {
      await (await post(wire, ask("sim-reasoning-cached", more))).text();
      const [call] = simulator.ledger.calls();
      expect(call).toMatchObject({ end: "complete", status: 200 });
      expect(call?.reported).toEqual(call?.billed);
      simulator.ledger.reset();
    }
  });

  it.each([400, 401, 403, 404, 413, 429, 500, 503, 529])(
    "answers %i when asked to",
    async (status) => {
      const response = await post(wire, ask(`sim-error-${status}`));
      expect(response.status).toBe(status);
      const waits = status === 429 || status === 503;
      expect(response.headers.get("retry-after")).toBe(waits ? "1" : null);
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
      expect(simulator.ledger.calls()).toMatchObject([{ status, end: "error", billed: null }]);
    },
  );

  it("refuses a body that is no JSON, no object, or lacks a member", async () => {
    for (const body of ["{", "[]", "null", { messages }, { model: "m" }]) {
      expect((await post(wire, body)).status).toBe(400);
    }
    expect(simulator.ledger.totals()).toMatchObject({ calls: 5, billedCalls: 0, open: 0 });
  });

  it("sends identical bytes however they are cut, one HTTP chunk a piece", async () => {
    for (const more of [{}, streamed]) {
      const body = ask("sim-utf8", more);
      const whole = Buffer.from(await (await post(wire, body)).arrayBuffer());
      const pieces = await rawChunks(wire, body, "1");
      expect(pieces.every((piece) => piece.length === 1)).toBe(true);
      expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    }
  });

  it("dies in mid-stream, and bills what it had sent", async () => {
    const response = await post(wire, ask("sim-die-4", streamed));
    await expect(response.text()).rejects.toThrow("terminated");
    expect(simulator.ledger.calls()).toMatchObject([{ end: "died", billed: { outputVisible: 4 } }]);
  });

  it("dies in the middle of a JSON body whose length it had announced", async () => {
    const response = await post(wire, ask("sim-die"));
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(simulator.ledger.calls()).toMatchObject([{ end: "died", reported: null }]);
  });

  it("stalls after a chunk until the client leaves", async () => {
    const leave = new AbortController();
    const response = await post(wire, ask("sim-stall", streamed), {}, leave.signal);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect(simulator.ledger.totals()).toMatchObject({ calls: 0, open: 1 });
    leave.abort();
    await untilBilled(1);
    expect(simulator.ledger.calls()).toMatchObject([
      { end: "stalled", billed: { outputVisible: 1 } },
    ]);
  });

  it("notices a client that leaves in mid-stream, and bills up to there", async () => {
    const leave = new AbortController();
    const response = await post(wire, ask("sim-long-1000-slow-5", streamed), {}, leave.signal);
    await response.body?.getReader().read();
    leave.abort();
    await untilBilled(1);
    const [call] = simulator.ledger.calls();
    expect(call?.end).toBe("client_abort");
    expect(call?.billed?.outputVisible).toBeLessThan(1000);
  });

  it("puts an error event into a stream that it was asked to break", async () => {
    const text = await (await post(wire, ask("sim-fail-2", streamed))).text();
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/^data: \{.*"error"/);
    expect(simulator.ledger.calls()).toMatchObject([
      { end: "error_event", billed: { outputVisible: 2 } },
    ]);
  });

  it("tells no usage when asked not to, but bills", async () => {
    for (const more of [{}, streamed]) {
      expect(await (await post(wire, ask("sim-usage-none", more))).text()).not.toContain('"usage"');
    }
    expect(simulator.ledger.totals().billedCalls).toBe(2);
    expect(simulator.ledger.calls().map((call) => call.reported)).toEqual([null, null]);
  });

  it("waits before the first byte", async () => {
    const before = performance.now();
    await post(wire, ask("sim-slow-60"));
    expect(performance.now() - before).toBeGreaterThan(50);
  });

  it("streams more than a socket's buffer holds", async () => {
    const text = await (await post(wire, ask("sim-bytes-5000000", streamed))).text();
    expect(text.length).toBeGreaterThan(5_000_000);
  });
});

it("adds nothing but the usage chunk to a chat stream that asks for it", async () => {
  const plain = await (await post("chat", ask("m", { stream: true }))).text();
  const asked = await (await post("chat", ask("m", streamed))).text();
  const frames = asked.replaceAll(',"usage":null', "").split("\n\n");
  const usage = frames.findIndex((frame) => frame.includes('"usage"'));
  expect(frames[usage]).toContain('"choices":[]');
  expect(frames.toSpliced(usage, 1).join("\n\n")).toBe(plain);
});

it("serves and resets the ledger over HTTP", async () => {
  await (await post("chat", ask("m"), { authorization: "Bearer k" })).text();
  const url = `${simulator.url}/simulator/billed`;
  expect(await (await fetch(url)).json()).toMatchObject({
    totals: { calls: 1, billedCalls: 1, dropped: 0, open: 0 },
    calls: [{ dialect: "openai-chat", model: "m", credential: { kind: "bearer" } }],
  });
  expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
  expect(await (await fetch(url)).json()).toMatchObject({ totals: { calls: 0 }, calls: [] });
});

it("lists its models in the caller's dialect, and answers 404 in it", async () => {
  const anthropic = { headers: { "anthropic-version": "2023-06-01" } };
  const url = `${simulator.url}/v1/models`;
  expect(await (await fetch(url)).json()).toMatchObject({ object: "list" });
  expect(await (await fetch(url, anthropic)).json()).toMatchObject({ has_more: false });
  expect(await (await fetch(`${simulator.url}/v1/x`)).json()).toMatchObject({
    error: { param: null },
  });
  expect(await (await fetch(`${simulator.url}/v1/x`, anthropic)).json()).toMatchObject({
    type: "error",
  });
});

it("refuses a body over its limit, and survives clients that vanish while sending", async () => {
  const small = await startSimulator({ maxBodyBytes: 100 });
  try {
    const body = "x".repeat(101);
    const url = `${small.url}/v1/messages`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(413);
    await new Promise<void>((resolve) => {
      const socket = connect(small.port, "127.0.0.1", () => {
        socket.end("POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{");
      });
      socket.resume().once("close", () => resolve());
    });
    expect((await fetch(`${small.url}/v1/models`)).status).toBe(200);
  } finally {
    await small.close();
  }
});

/** The reply's HTTP chunks as they arrive: Node's client gives one `data` event a chunk. */
async function rawChunks(wire: Wire, body: object, every: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers: { "x-simulator-cut-every": every } };
    const sent = httpRequest(simulator.url + paths[wire], options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => resolve(chunks)).once("error", reject);
    });
    sent.once("error", reject).end(JSON.stringify(body));
  });
}
