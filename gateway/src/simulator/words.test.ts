import { request as httpRequest } from "node:http";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Attempts } from "./attempts.ts";
import { eventsIn, SimulatorUnderTest } from "./simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeAll(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server.simulator.ledger.reset());
afterAll(() => server[Symbol.asyncDispose]());

const messages = [{ role: "user", content: "how are you" }];
const wires = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "openai-completions": "/v1/completions",
  anthropic: "/v1/messages",
};
type WireName = keyof typeof wires;
const names: readonly WireName[] = [
  "openai-chat",
  "openai-responses",
  "openai-completions",
  "anthropic",
];

function bodyFor(model: string, stream: boolean, asksUsage = true): object {
  const options = stream && asksUsage ? { stream_options: { include_usage: true } } : {};
  return { model, messages, input: "x", prompt: "x", max_tokens: 1000, stream, ...options };
}

async function ask(wire: WireName, model: string, stream = false): Promise<Response> {
  return server.post(wires[wire], bodyFor(model, stream));
}

/** The raw bytes of a reply, one piece an HTTP chunk, and its headers. */
async function rawReply(
  path: string,
  body: object,
): Promise<{ readonly encoding: string | undefined; readonly chunks: readonly Buffer[] }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(server.simulator.url + path, { method: "POST" }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => {
        resolve({ encoding: response.headers["content-encoding"], chunks });
      });
      response.once("error", reject);
    });
    sent.once("error", reject).end(JSON.stringify(body));
  });
}

describe.each(names)("on the %s wire", (wire) => {
  it("fails as often as asked for the same request, then answers it", async () => {
    const statuses = [];
    for (let i = 0; i < 4; i += 1) {
      const response = await ask(wire, "sim-flaky-2-retryafter-0");
      await response.text();
      const { headers } = response;
      const told = [headers.get("x-simulator-attempts"), headers.get("retry-after")];
      statuses.push([response.status, ...told]);
    }
    expect(statuses).toEqual([
      [503, "1", "0"],
      [503, "2", "0"],
      [200, "3", null],
      [200, "4", null],
    ]);
    const ends = server.simulator.ledger.calls().map(({ end, billed }) => [end, billed === null]);
    expect(ends).toEqual([
      ["error", true],
      ["error", true],
      ["complete", false],
      ["complete", false],
    ]);
  });

  it("tells when to come back after 429 and 503", async () => {
    for (const status of [429, 503]) {
      const response = await ask(wire, `sim-error-${status}-retryafter-3600`);
      expect([response.status, response.headers.get("retry-after")]).toEqual([status, "3600"]);
    }
  });

  it.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
    ["zstd", zstdDecompressSync],
  ] as const)("answers compressed with %s", async (encoding, decode) => {
    for (const stream of [false, true]) {
      const body = bodyFor(`sim-utf8-${encoding}`, stream);
      const { encoding: told, chunks } = await rawReply(wires[wire], body);
      expect(told).toBe(encoding);
      const text = decode(Buffer.concat(chunks)).toString();
      expect(text).toContain("größer");
      expect(server.lastCall().end).toBe("complete");
      expect(server.lastCall().reported).toEqual(server.lastCall().billed);
    }
  });

  it("writes an event stream with CR LF, over several lines and between pings", async () => {
    const plain = eventsIn(await (await ask(wire, "m", true)).text());
    const text = await (await ask(wire, "sim-crlf-multiline-ping", true)).text();
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(text).toMatch(/data: \{\r\ndata: "/);
    expect(text).toContain(": ping\r\n\r\n");
    const dressed = eventsIn(text.replaceAll("\r\n", "\n"));
    expect(dressed.map((event) => Object.keys(event))).toEqual(
      plain.map((event) => Object.keys(event)),
    );
  });

  it("ends a dressed and compressed stream where it is asked to fail", async () => {
    const response = await ask(wire, "sim-crlf-gzip-fail-2", true);
    expect(await response.text()).toMatch(/"error"[^\n]*\r\n\r\n$/);
    expect(server.lastCall()).toMatchObject({ end: "error_event", billed: { outputVisible: 2 } });
  });

  it("breaks a compressed reply off", async () => {
    for (const stream of [false, true]) {
      const response = await ask(wire, "sim-gzip-die-2", stream);
      await expect(response.text()).rejects.toThrow("terminated");
      expect(server.lastCall().end).toBe("died");
    }
  });

  it("waits before the head and not between chunks", async () => {
    const before = performance.now();
    await (await ask(wire, "sim-ttfb-60-long-50", true)).text();
    const tookMs = performance.now() - before;
    expect(tookMs).toBeGreaterThan(50);
    expect(tookMs).toBeLessThan(50 * 60);
  });
});

it("flushes each event of a compressed stream into a chunk of its own", async () => {
  const body = bodyFor("sim-long-20-slow-1-gzip", true);
  const { chunks } = await rawReply(wires["openai-chat"], body);
  expect(chunks.length).toBeGreaterThan(20);
});

describe("a chat stream of a compatible server", () => {
  const usagesOf = async (model: string, asksUsage: boolean): Promise<unknown[]> => {
    const path = wires["openai-chat"];
    const text = await (await server.post(path, bodyFor(model, true, asksUsage))).text();
    return eventsIn(text).map((event) => event["usage"]);
  };

  it("tells usage so far in every chunk, unasked, and the last is the bill", async () => {
    const usages = await usagesOf("sim-usageevery-cached", false);
    const tokens = usages.map((usage) =>
      new Map(Object.entries(usage ?? {})).get("completion_tokens"),
    );
    expect(tokens).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]);
    expect(server.lastCall().reported).toEqual(server.lastCall().billed);
  });

  it("has told the usage of what was out when it breaks off", async () => {
    const body = bodyFor("sim-usageevery-die-4", true);
    await expect((await server.post(wires["openai-chat"], body)).text()).rejects.toThrow(
      "terminated",
    );
    const { billed, reported } = server.lastCall();
    expect(reported).toEqual(billed);
    expect(billed?.outputVisible).toBe(4);
  });

  it("tells usage with the finish reason and in no chunk of its own", async () => {
    const usages = await usagesOf("sim-usagelast", true);
    expect(usages.filter((usage) => usage !== undefined)).toHaveLength(1);
    expect(usages.at(-1)).toMatchObject({ completion_tokens: 10 });
  });
});

it("gives structured output that fits the schema it was asked for", async () => {
  const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  const chat = {
    model: "m",
    messages,
    response_format: { type: "json_schema", json_schema: { schema } },
  };
  const text = await (await server.post(wires["openai-chat"], chat)).text();
  expect(JSON.parse(text).choices[0].message.content).toBe('{"n":1}');
});

it("bills each picture in a chat", async () => {
  const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
  const content = [{ type: "text", text: "what is this" }, picture, picture];
  await server.post(wires["openai-chat"], { model: "m", messages: [{ role: "user", content }] });
  expect(server.lastCall().billed?.inputUncached).toBe(7 + 3 + 3 + 2 * 85);
});

it("forgets how often the oldest requests came", () => {
  const attempts = new Attempts(2);
  for (const request of ["a", "b", "a", "c"]) attempts.count(request);
  expect([attempts.count("a"), attempts.count("b")]).toEqual([3, 1]);
});
