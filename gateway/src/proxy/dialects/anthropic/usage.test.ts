import { describe, expect, test } from "vitest";
import { noTokens } from "../token-counts.ts";
import { mergeUsage, messagesTokens, serverToolCalls } from "./usage.ts";

const turn = (input: number, output: number, more: object = {}) => ({
  type: "message",
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_creation: null,
  ...more,
});
const compaction = { ...turn(180_000, 3_500), type: "compaction" };

describe("iterations", () => {
  test("adds what the top leaves out: the tokens that a compaction cost", () => {
    const usage = { ...turn(23_000, 1_000), iterations: [compaction, turn(23_000, 1_000)] };
    expect(messagesTokens(usage)).toEqual({
      ...noTokens(),
      inputUncached: 203_000,
      outputVisible: 4_500,
    });
  });

  test("counts every turn's input, of which the top tells the first alone", () => {
    const advisor = { ...turn(823, 1_612), type: "advisor_message", model: "c-big" };
    const last = turn(1_348, 442, { cache_read_input_tokens: 412 });
    const usage = { ...turn(412, 531), iterations: [turn(412, 89), advisor, last] };
    expect(messagesTokens(usage)).toMatchObject({
      inputUncached: 412 + 823 + 1_348,
      cacheRead: 412,
      outputVisible: 89 + 1_612 + 442,
    });
    expect(serverToolCalls(usage)).toEqual({ advisor_message: 1 });
  });

  test("keeps cache writes of two kinds apart, and takes thinking out of the whole output", () => {
    const cache_creation = { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 2 };
    const writes = turn(10, 20, { cache_creation_input_tokens: 7, cache_creation });
    const usage = {
      ...writes,
      output_tokens_details: { thinking_tokens: 15 },
      iterations: [writes, { ...compaction, cache_creation_input_tokens: 9 }],
    };
    expect(messagesTokens(usage)).toMatchObject({
      cacheWrite5m: 14,
      cacheWrite1h: 2,
      outputVisible: 3_505,
      outputReasoning: 15,
    });
  });

  test("adds a compaction that is told without the turns to the top", () => {
    const usage = { ...turn(23, 1), iterations: [compaction] };
    expect(messagesTokens(usage)).toMatchObject({ inputUncached: 180_023, outputVisible: 3_501 });
  });

  test.each([[null], [[]], ["x"], [[1, null, { type: "future" }]]])(
    "goes by the top where they tell nothing: %j",
    (iterations) => {
      expect(messagesTokens({ ...turn(23, 1), iterations })).toMatchObject({
        inputUncached: 23,
        outputVisible: 1,
      });
    },
  );

  test("come whole with the last event, and are not added to those before", () => {
    const start = { ...turn(23, 1), iterations: [turn(23, 1)] };
    const merged = mergeUsage(start, { output_tokens: 9, iterations: [compaction, turn(23, 9)] });
    expect(messagesTokens(merged)).toMatchObject({ inputUncached: 180_023, outputVisible: 3_509 });
  });
});

test.each([
  [null],
  ["text"],
  [{}],
  [{ input_tokens: -1 }],
  [{ ...turn(1, 1), output_tokens_details: { thinking_tokens: 2 } }],
  [{ ...turn(1, 1), cache_creation: { ephemeral_1h_input_tokens: 1 } }],
  [
    {
      ...turn(1, 1),
      iterations: [{ ...turn(1, 1), cache_creation: { ephemeral_1h_input_tokens: 1 } }],
    },
  ],
])("makes nothing up from %j", (usage) => expect(messagesTokens(usage)).toBeNull());

test("forgets the split of cache writes when another total comes without one", () => {
  const start = {
    ...turn(1, 1),
    cache_creation_input_tokens: 7,
    cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 2 },
  };
  const tokens = (later: object) => messagesTokens(mergeUsage(start, later));
  expect(tokens({ cache_creation_input_tokens: 9 })).toMatchObject({
    cacheWrite5m: 9,
    cacheWrite1h: 0,
  });
  const same = { cache_creation_input_tokens: 7, cache_creation: null };
  expect(tokens(same)).toMatchObject({ cacheWrite5m: 5, cacheWrite1h: 2 });
});

test("overwrites what later events tell, and keeps what they do not", () => {
  const start = turn(10, 1, { cache_read_input_tokens: 4 });
  const merged = mergeUsage(mergeUsage(start, { output_tokens: 8 }), {
    output_tokens: 12,
    input_tokens: null,
    server_tool_use: { web_search_requests: 3 },
  });
  expect(messagesTokens(merged)).toMatchObject({
    inputUncached: 10,
    cacheRead: 4,
    outputVisible: 12,
  });
  expect(serverToolCalls(merged)).toEqual({ web_search_requests: 3 });
  expect(mergeUsage(start, "x")).toBe(start);
});
