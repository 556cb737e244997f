import { expect, test } from "vitest";
import { chat, chatAnswer, json, messages, post, start } from "./testing/serve.ts";

test("a proxy that knows no key yet calls none invalid: it asks to come back", async () => {
  const state = { hasSnapshot: false };
  const { proxy, upstream } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    { hasSnapshot: () => state.hasSnapshot },
  );
  for (const [path, body] of [
    ["/v1/chat/completions", chat],
    ["/v1/messages", messages],
  ] as const) {
    const response = await post(proxy, path, body);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.text()).toContain("WEIR_NOT_READY");
  }
  expect(upstream.requests).toEqual([]);
  expect(await proxy.recorded(2)).toMatchObject([
    { outcome: "unavailable", errorCode: "WEIR_NOT_READY" },
    { outcome: "unavailable" },
  ]);
  state.hasSnapshot = true;
  expect((await post(proxy, "/v1/chat/completions", chat)).status).toBe(200);
});
