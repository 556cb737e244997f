import { expect, test } from "vitest";
import {
  chat,
  messages,
  json,
  sse,
  usage,
  chatAnswer,
  chatStream,
  messagesStream,
  start,
  post,
} from "./testing/serve.ts";
import { writePackets } from "./testing/start-scripted-upstream.ts";
import { testKey } from "./testing/start-test-proxy.ts";

const untouched = [
  {
    name: "a JSON answer",
    path: "/v1/chat/completions",
    body: chat,
    head: json,
    bytes: chatAnswer,
  },
  {
    name: "a chat stream",
    path: "/v1/chat/completions",
    body: { ...chat, stream: true, stream_options: { include_usage: true } },
    head: sse,
    bytes: chatStream,
  },
  {
    name: "a Messages stream",
    path: "/v1/messages",
    body: { ...messages, stream: true },
    head: sse,
    bytes: messagesStream,
  },
];

test.each(untouched)(
  "$name arrives byte for byte and is metered alike, wherever its packets are cut",
  async ({ path, body, head, bytes }) => {
    const whole = Buffer.from(bytes);
    let cut = 0;
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, head);
      const packets = [whole.subarray(0, cut), whole.subarray(cut)];
      await writePackets(
        response,
        packets.filter((packet) => packet.length > 0),
      );
      response.end();
    });
    for (cut = 0; cut < whole.length; cut += 1) {
      const response = await post(proxy, path, body);
      const received = Buffer.from(await response.arrayBuffer());
      expect(received.equals(whole), `cut at ${cut}`).toBe(true);
    }
    const calls = await proxy.recorded(whole.length);
    for (const call of calls) {
      expect(call).toMatchObject({ outcome: "completed", status: 200 });
      expect(call.usage).toMatchObject({
        tokens: { inputUncached: 11, outputVisible: 5 },
        source: "provider_final",
        streamEnd: "complete",
      });
    }
    expect(calls).toHaveLength(whole.length);
  },
);

test("the usage chunk that only Weir asked for is taken out, wherever its packets are cut", async () => {
  const whole = Buffer.from(chatStream);
  const expected = chatStream.replace(/data: \{"model":"m-1","choices":\[\],.*\n\n/, "");
  let cut = 0;
  const { proxy, upstream } = await start(async (_request, response) => {
    response.writeHead(200, sse);
    await writePackets(
      response,
      [whole.subarray(0, cut), whole.subarray(cut)].filter((p) => p.length),
    );
    response.end();
  });
  for (cut = 0; cut < whole.length; cut += 1) {
    const response = await post(proxy, "/v1/chat/completions", { ...chat, stream: true });
    expect(await response.text(), `cut at ${cut}`).toBe(expected);
  }
  expect(expected).not.toContain(usage);
  expect(JSON.parse(upstream.requests[0]?.body ?? "")).toEqual({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  for (const call of proxy.calls) expect(call.usage.tokens?.inputUncached).toBe(11);
});

test("the request goes upstream byte for byte, with the provider's key and never the client's", async () => {
  const { proxy, upstream } = await start((_request, response) => {
    response.writeHead(200, json).end(chatAnswer);
  });
  const body = '{ "model": "m-1","messages":[],"temperature":1.0, "x": 12345678901234567890 }\n';
  await post(proxy, "/v1/messages?beta=true", body, {
    "anthropic-beta": "a,b",
    "x-api-key": testKey,
  });
  expect(upstream.requests[0]).toMatchObject({
    path: "/v1/messages?beta=true",
    body,
    headers: { "anthropic-beta": "a,b", "x-api-key": "sk-upstream", "accept-encoding": "identity" },
  });
  expect(JSON.stringify(upstream.requests[0])).not.toContain(testKey);
});
