import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { PolicyInput } from "../contracts/policy-input.ts";
import { openUpload } from "./testing/open-upload.ts";
import { startRaw } from "./testing/serve.ts";
import { wholeBody } from "./testing/start-raw-upstream.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";

const key = { authorization: `Bearer ${testKey}` };

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** A provider that answers everything alike, and what it was asked. */
async function startProvider(options: Parameters<typeof startRaw>[1] = {}) {
  const seen: Seen[] = [];
  const { proxy } = await startRaw((request, response) => {
    const { method = "", url = "", headers } = request;
    void wholeBody(request).then((body) => {
      seen.push({ method, url, headers, body });
      const head = {
        "content-type": "application/octet-stream",
        "x-own": "1",
        "set-cookie": "a=b",
      };
      return response
        .writeHead(200, { ...head, "x-ratelimit-remaining": "5" })
        .end("\0\xff", "latin1");
    });
  }, options);
  return { proxy, seen };
}

test.each(["GET", "POST", "PUT", "PATCH", "DELETE"])(
  "%s passes with its query, and the credential changed",
  async (method) => {
    const { proxy, seen } = await startProvider();
    const query = `?a=1&key=${testKey}&b=%2F&monkey=2`;
    const response = await fetch(`${proxy.url}/providers/test/fine_tuning/jobs${query}`, {
      method,
      headers: { ...key, "x-forwarded-for": "1.2.3.4", cookie: "c=d", "x-custom": "kept" },
      ...(method === "GET" ? {} : { body: "\0bytes" }),
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255]));
    expect(response.headers.get("x-own")).toBe("1");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(response.headers.get("x-ratelimit-remaining")).toBeNull();
    expect(seen).toMatchObject([{ method, url: "/v1/fine_tuning/jobs?a=1&b=%2F&monkey=2" }]);
    expect(seen[0]?.headers).toMatchObject({
      authorization: "Bearer sk-upstream",
      "x-custom": "kept",
    });
    expect(Object.keys(seen[0]?.headers ?? {})).not.toContain("x-forwarded-for");
    expect(Object.keys(seen[0]?.headers ?? {})).not.toContain("cookie");
    expect(JSON.stringify(seen)).not.toContain(testKey);
    const [call] = await proxy.recorded(1);
    expect(call).toMatchObject({
      dialect: "passthrough",
      operation: "passthrough",
      provider: "test",
      modelRequested: "",
      outcome: "completed",
      usage: { source: "missing", tokens: null },
      cost: { microUsd: null },
    });
    expect(JSON.stringify(call)).not.toContain(testKey);
  },
);

test("policy is told that nothing can be metered, and decides before the provider is asked", async () => {
  const inputs: PolicyInput[] = [];
  const policy = (input: PolicyInput) => {
    inputs.push(input);
    return { ...allow, effect: "deny" as const };
  };
  const { proxy, seen } = await startProvider({ policy });
  const response = await fetch(`${proxy.url}/providers/test/anything`, { headers: key });
  expect(response.status).toBe(403);
  expect(inputs).toMatchObject([
    { call: { operation: "passthrough", metered: false, provider: "test", model: "" } },
  ]);
  expect(seen).toEqual([]);
});

test("a body that is compressed goes on as it is, with what describes it", async () => {
  const { proxy, seen } = await startProvider();
  const body = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]);
  await fetch(`${proxy.url}/providers/test/x`, {
    method: "POST",
    headers: { ...key, "content-encoding": "zstd", "content-type": "application/json" },
    body,
  });
  expect(seen[0]?.body).toEqual(body);
  expect(seen[0]?.headers).toMatchObject({ "content-encoding": "zstd", "content-length": "7" });
});

test("a body streams: the provider has its beginning before its end is sent", async () => {
  const begun = Promise.withResolvers<string>();
  const { proxy } = await startRaw((request, response) => {
    request.once("data", (chunk: Buffer) => begun.resolve(chunk.toString()));
    request.once("end", () => response.writeHead(204).end());
  });
  const upload = openUpload(`${proxy.url}/providers/test/x`, {}, "PUT");
  await upload.write("first");
  expect(await begun.promise).toBe("first");
  upload.end("last");
  expect((await upload.answer).status).toBe(204);
});

test("a stream of events passes event by event, each at once", async () => {
  const written: (() => void)[] = [];
  const asked = Promise.withResolvers<void>();
  const { proxy } = await startRaw((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    for (const event of ["data: 1\n\n", "data: 2\n\n"]) written.push(() => response.write(event));
    written.push(() => response.end("data: 3\n\n"));
    asked.resolve();
  });
  const response = await fetch(`${proxy.url}/providers/test/x`, { headers: key });
  await asked.promise;
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (const [index, write] of written.entries()) {
    write();
    expect((await reader?.read())?.value).toBe(`data: ${index + 1}\n\n`);
  }
  expect(await reader?.read()).toMatchObject({ done: true });
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "completed" });
});

test("an answer larger than what is held for reading passes whole", async () => {
  const large = Buffer.alloc(20_000_000, "0123456789");
  const { proxy } = await startRaw((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" }).end(large);
  });
  const response = await fetch(`${proxy.url}/providers/test/x`, { headers: key });
  expect(Buffer.from(await response.arrayBuffer()).equals(large)).toBe(true);
});

test("a provider that is not configured is not found, and the others are not named", async () => {
  const { proxy, seen } = await startProvider();
  const response = await fetch(`${proxy.url}/providers/elsewhere/x`, { headers: key });
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain("test");
  expect(seen).toEqual([]);
});

describe("attack: a path that a provider might read as another one is served by nobody:", () => {
  test.each([
    "/providers/test/../admin",
    "/providers/test/a/../../admin",
    "/providers/test/..",
    "/providers/test/.",
    "/providers/test/./admin",
    "/providers/test/%2e%2e/admin",
    "/providers/test/%2E./admin",
    "/providers/test/.%2e/admin",
    "/providers/test/..;/admin",
    "/providers/test/%2e%2e;x=1/admin",
    "/providers/test/a%2f..%2fadmin",
    "/providers/test/a%5c..%5cadmin",
    "/providers/test/a\\..\\admin",
    "/providers/test//admin",
    "/providers/test/a//b",
    "/providers//test/x",
    "/providers/test",
    "/providers/../v1/models",
    "/providers/te%73t/x",
    "/Providers/test/x",
  ])("%s", async (path) => {
    const { proxy, seen } = await startProvider();
    const request = openRaw(proxy.url, path);
    expect(await request).toMatch(/^HTTP\/1\.1 404/);
    expect(seen).toEqual([]);
  });
});

/** As written: `fetch` would tidy the path up before it sends it. */
async function openRaw(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${key.authorization}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}
