import OpenAI from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import { expect, test } from "vitest";
import { allow, testKey } from "../testing/start-test-proxy.ts";
import { withSimulator } from "./testing/serve-sockets.ts";

/** Types of the messages of one response, and the last of them. */
async function askThrough(url: string, model: string) {
  const client = new OpenAI({ apiKey: testKey, baseURL: `${url}/v1`, maxRetries: 0 });
  const socket = new ResponsesWS(client);
  const types: string[] = [];
  socket.send({ type: "response.create", model, input: "say hi", stream_id: "main" });
  try {
    for await (const event of socket) {
      if (event.type === "error") throw event.error;
      if (event.type !== "message") continue;
      types.push(event.message.type);
      if (event.message.type === "response.completed" || event.message.type === "response.failed") {
        return { types, response: event.message.response };
      }
    }
  } finally {
    socket.close();
  }
  throw new Error("the socket was closed");
}

test("the official client gets its response as if it had asked the provider itself", async () => {
  const { simulator, proxy } = await withSimulator();
  const direct = await askThrough(simulator.url, "gpt-x");
  expect(await askThrough(proxy.url, "gpt-x")).toEqual(direct);
  expect(direct.types).toContain("response.output_text.delta");
});

test("the official client is told of a denial in our words", async () => {
  const { proxy } = await withSimulator({
    policy: ({ call }) =>
      call?.model === "gpt-x" ? { ...allow, effect: "deny", userMessage: "Not today." } : allow,
  });
  const { types, response } = await askThrough(proxy.url, "gpt-x");
  expect(types).toEqual(["response.created", "response.failed"]);
  expect(response.error).toMatchObject({
    code: "invalid_prompt",
    message: expect.stringMatching(/^Not today\. \[WEIR_POLICY_DENIED, decision /),
  });
});
