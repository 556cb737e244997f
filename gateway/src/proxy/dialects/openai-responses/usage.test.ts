import { expect, test } from "vitest";
import { noTokens } from "../token-counts.ts";
import { meterResponseJson } from "./response-object.ts";
import { responseTokens } from "./usage.ts";

test("takes the parts out of the inclusive totals, cache writes by how long they last", () => {
  const tokens = responseTokens({
    input_tokens: 100,
    input_tokens_details: {
      cached_tokens: 60,
      cache_write_tokens: 30,
      cache_write_tokens_details: { ttl_30m_tokens: 20, ttl_12h_tokens: 10 },
    },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 45 },
    total_tokens: 150,
  });
  expect(tokens).toEqual({
    ...noTokens(),
    inputUncached: 10,
    cacheRead: 60,
    cacheWrite5m: 20,
    cacheWrite1h: 10,
    outputVisible: 5,
    outputReasoning: 45,
  });
});

test.each([
  [null],
  [{}],
  [{ input_tokens: 1, input_tokens_details: { cached_tokens: 2 } }],
  [
    {
      input_tokens: 9,
      input_tokens_details: {
        cache_write_tokens: 1,
        cache_write_tokens_details: { ttl_12h_tokens: 2 },
      },
    },
  ],
])("makes nothing up from %j", (usage) => {
  expect(responseTokens(usage)).toBeNull();
});

test("believes the provider's own count of billed searches, and keeps what tools used", () => {
  const toolUsage = { web_search: { num_requests: 3 }, image_gen: { total_tokens: 900 } };
  const facts = meterResponseJson({
    status: "completed",
    output: [{ type: "web_search_call", action: { type: "search" } }],
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    tool_usage: toolUsage,
  });
  expect(facts.serverToolCalls).toEqual({ web_search_call: 3 });
  expect(JSON.parse(facts.rawUsage)).toMatchObject({ input_tokens: 1, tool_usage: toolUsage });
});

test.each([[undefined], [null], ["text"], [[]]])("reads nothing from %j", (body) => {
  expect(meterResponseJson(body)).toMatchObject({ tokens: null, ended: false });
});
