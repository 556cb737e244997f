import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, test } from "vitest";
import type { Config } from "../../config/schema.ts";
import { openSealed } from "../../ledger/content/open-sealed.ts";
import { allow, testKey, type TestProxy } from "../testing/start-test-proxy.ts";
import {
  chat,
  chatAnswer,
  json,
  messages,
  messagesStream,
  post,
  sse,
  start,
} from "../testing/serve.ts";
import {
  answersAll,
  ask,
  completed,
  created,
  startUpstream,
} from "../websocket/testing/serve-sockets.ts";
import { startProxy } from "../websocket/testing/serve-sockets.ts";
import { connect } from "../websocket/testing/socket-client.ts";

type Content = Config["ledger"]["content"];

async function keeping(changes: Partial<Content> = {}) {
  const identity = await generateX25519Identity();
  const recipients = [await identityToRecipient(identity)];
  const content: Content = {
    recipients,
    teams: ["*"],
    maxBytes: 65_536,
    retentionDays: 7,
    ...changes,
  };
  const opened = async (proxy: TestProxy, index = 0) =>
    openSealed(proxy.contents[index]?.sealed ?? "", [identity]);
  return { content, opened };
}

const path = "/v1/chat/completions";

describe("what is said in a call", () => {
  test("is not kept unless somebody is named who may read it", async () => {
    const { proxy } = await start((_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    });
    await (await post(proxy, path, chat)).text();
    await proxy.recorded(1);
    expect(proxy.contents).toEqual([]);
  });

  test("is sealed for the recipient, both bodies as they were sent", async () => {
    const { content, opened } = await keeping();
    const { proxy } = await start(
      (_request, response) => {
        response.writeHead(200, json).end(chatAnswer);
      },
      { content },
    );
    const text = JSON.stringify({ ...chat, note: `left over: ${testKey}` });
    expect(await (await post(proxy, path, text)).text()).toBe(chatAnswer);
    const [call] = await proxy.recorded(1);
    expect(proxy.contents).toEqual([
      {
        id: call?.id,
        atMs: call?.startedAtMs,
        personId: "person-1",
        teamId: "team-1",
        dialect: "openai-chat",
        requestBytes: text.length,
        responseBytes: Buffer.byteLength(chatAnswer),
        truncated: false,
        sealed: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      },
    ]);
    const { request, response } = await opened(proxy);
    expect(request.text).toBe(text.replace(testKey, "weir_***"));
    expect(response.text).toBe(chatAnswer);
    const sealed = Buffer.from(proxy.contents[0]?.sealed ?? "", "base64");
    expect(sealed.toString("latin1")).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
    // Two letters would be there by chance, once in sixty runs.
    expect(sealed.includes('"messages"')).toBe(false);
  });

  test("in a stream is kept as it came, and its client sees each byte of it", async () => {
    const { content, opened } = await keeping();
    const { proxy } = await start(
      (_request, response) => {
        response.writeHead(200, sse).end(messagesStream);
      },
      { content },
    );
    const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
    expect(await response.text()).toBe(messagesStream);
    expect((await opened(proxy)).response.text).toBe(messagesStream);
  });

  test("is the beginning of it when it is longer than the bound", async () => {
    const { content, opened } = await keeping({ maxBytes: 1_024 });
    const { proxy } = await start(
      (_request, response) => {
        response.writeHead(200, json).end(chatAnswer);
      },
      { content },
    );
    const long = JSON.stringify({ ...chat, user: "u".repeat(5_000) });
    await (await post(proxy, path, long)).text();
    await proxy.recorded(1);
    expect(proxy.contents[0]).toMatchObject({ truncated: true, requestBytes: long.length });
    expect((await opened(proxy)).request.text).toBe(long.slice(0, 1_024));
  });

  test("is kept of a call that policy denies, which nobody answered", async () => {
    const { content, opened } = await keeping();
    const { proxy } = await start(() => undefined, {
      content,
      policy: { ...allow, effect: "deny" },
    });
    await (await post(proxy, path, chat)).text();
    await proxy.recorded(1);
    expect(await opened(proxy)).toMatchObject({
      request: { text: JSON.stringify(chat) },
      response: { text: "", bytes: 0 },
    });
  });

  test("is that of the answer its client saw, not of a failed attempt before", async () => {
    const { content, opened } = await keeping();
    let asked = 0;
    const { proxy } = await start(
      (_request, response) => {
        asked += 1;
        if (asked === 1) response.writeHead(500, json).end('{"error":"overloaded"}');
        else response.writeHead(200, json).end(chatAnswer);
      },
      { content, routing: { retries: 1 } },
    );
    expect((await post(proxy, path, chat)).status).toBe(200);
    await proxy.recorded(1);
    expect(asked).toBe(2);
    expect((await opened(proxy)).response.text).toBe(chatAnswer);
  });

  test("by another team than those that are named is not kept", async () => {
    const { content } = await keeping({ teams: ["team-2"] });
    const { proxy } = await start(
      (_request, response) => {
        response.writeHead(200, json).end(chatAnswer);
      },
      { content },
    );
    await (await post(proxy, path, chat)).text();
    await proxy.recorded(1);
    expect(proxy.contents).toEqual([]);
  });

  test("in a frame of a socket is kept, each frame by itself", async () => {
    const { content, opened } = await keeping();
    const upstream = await startUpstream(answersAll());
    const proxy = await startProxy(upstream.url, { content });
    const client = await connect(proxy.url);
    client.send(ask("m-1"));
    await client.ended(1);
    await proxy.recorded(1);
    const { request, response } = await opened(proxy);
    expect(request.text).toBe(JSON.stringify(ask("m-1")));
    expect(response.text).toContain(created("resp_1"));
    expect(response.text).toContain(completed("resp_1"));
  });
});
