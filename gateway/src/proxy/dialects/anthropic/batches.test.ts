import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestProxy, testKey, type TestProxy } from "../../testing/start-test-proxy.ts";
import {
  startScriptedUpstream,
  type ScriptedUpstream,
} from "../../testing/start-scripted-upstream.ts";

const batch = {
  id: "msgbatch_1",
  type: "message_batch",
  note: "größer",
  results_url: "https://api.anthropic.com/v1/messages/batches/msgbatch_1/results",
};
let upstream: ScriptedUpstream;
let proxy: TestProxy;

beforeEach(async () => {
  upstream = await startScriptedUpstream((_request, response) => {
    const body = JSON.stringify(batch);
    const length = Buffer.byteLength(body);
    response.writeHead(200, { "content-type": "application/json", "content-length": length });
    response.end(body);
  });
  proxy = await startTestProxy({ upstreamUrl: upstream.url });
});

afterEach(async () => {
  await proxy.close();
  await upstream.close();
});

test("the results of a batch are fetched through the gateway: the provider's address would get the gateway's key", async () => {
  const response = await fetch(`${proxy.url}/v1/messages/batches/msgbatch_1`, {
    headers: { "x-api-key": testKey, "anthropic-version": "2023-06-01" },
  });
  expect(await response.json()).toEqual({
    ...batch,
    results_url: `${proxy.url}/v1/messages/batches/msgbatch_1/results`,
  });
  expect((await proxy.recorded(1))[0]).toMatchObject({
    operation: "messages.batches.retrieve",
    usage: { source: "missing" },
  });
});
