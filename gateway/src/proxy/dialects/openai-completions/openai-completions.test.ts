import { describe, expect, test } from "vitest";
import { editMembers, type JsonObject } from "../json-body.ts";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { sseFrame, withLineEnds } from "../testing/sse-bytes.ts";
import { matchedJson } from "../testing/matched.ts";
import { openAiCompletions } from "./openai-completions.ts";

const completions = matchedJson(openAiCompletions, "/v1/completions");

const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
const chunk = (choices: object[], more: object = {}) =>
  sseFrame({ id: "cmpl-1", object: "text_completion", created: 1, model: "m-2", choices, ...more });
const piece = (text: string, finishReason: string | null = null) => ({
  text,
  index: 0,
  logprobs: null,
  finish_reason: finishReason,
});

const usageFrame = chunk([], { usage });
const done = sseFrame("[DONE]");
const plain = Buffer.concat([
  chunk([piece("\n\nThis")], { usage: null }),
  chunk([piece(' is "日本"')], { usage: null }),
  chunk([piece("", "length")], { usage: null }),
  usageFrame,
  done,
]);
const told = {
  output: '\n\nThis is "日本"',
  finishReasons: ["length"],
  totalTokens: 12,
  ended: true,
};

describe("recorded streams", () => {
  const streams = {
    "usage in a frame of its own": plain,
    "CR LF line ends": withLineEnds(plain, "\r\n"),
    "usage in the last chunk": Buffer.concat([
      chunk([piece("\n\nThis")]),
      chunk([piece(' is "日本"', "length")], { usage }),
      done,
    ]),
    "two answers in one chunk": Buffer.concat([
      chunk([piece("\n\nThis"), { ...piece(' is "日本"'), index: 1 }]),
      chunk([piece("", "length")], { usage }),
      done,
    ]),
  };
  const meter = () => completions.streamMeter({ stripUsageFrame: false });

  test.each(Object.entries(streams))("read the same wherever they are cut: %s", (_name, bytes) => {
    expect(checkEveryCut({ bytes, meter })).toMatchObject(told);
    expect(checkRandomCuts({ bytes, meter })).toMatchObject(told);
  });

  test("lose the usage frame that only we asked for", () => {
    const stripping = () => completions.streamMeter({ stripUsageFrame: true });
    const stream = { bytes: plain, meter: stripping, stripped: [usageFrame] };
    expect(checkEveryCut(stream)).toMatchObject(told);
  });
});

test("asks for usage on streams only", () => {
  expect(completions.meteringEdits({ stream: true })).toEqual({
    edits: [{ member: "stream_options", json: '{"include_usage":true}' }],
    stripUsageFrame: true,
  });
  expect(completions.meteringEdits({})).toEqual({ edits: [], stripUsageFrame: false });
});

test.each([
  [{ max_tokens: 10 }, 10],
  [{}, null],
  [{ max_tokens: 10, n: 2, best_of: 3 }, 30],
  [{ max_tokens: 10, prompt: ["a", "b"], n: 2 }, 40],
  [{ max_tokens: 10, prompt: [1, 2, 3] }, 10],
  [{ max_tokens: 10, prompt: [[1, 2], [3]] }, 20],
  [{ max_tokens: 10, prompt: [] }, 10],
])("attack: what %j may cost counts every answer that is generated", (body, expected) => {
  expect(completions.describe({ model: "m", ...body }).maxTokens).toBe(expected);
});

test("caps all answers to all prompts together", () => {
  const body: JsonObject = { prompt: ["a", "b"], n: 2, max_tokens: 100 };
  const edited = editMembers(
    Buffer.from(JSON.stringify(body)),
    completions.capMaxTokens(body, 40),
  ).toString();
  expect(JSON.parse(edited)).toEqual({ ...body, max_tokens: 10 });
});

test("reads a whole answer", () => {
  const body = { id: "cmpl-1", model: "m-2", choices: [piece("x", "stop")], usage };
  expect(completions.meterJson(body)).toMatchObject({
    responseId: "cmpl-1",
    totalTokens: 12,
    finishReasons: ["stop"],
    tokens: { inputUncached: 5, outputVisible: 7 },
  });
});

test("renders a denial as an answer, whole and streamed", () => {
  const asked = { model: "m", id: "call-1" };
  const whole = completions.softDenial("No.", { ...asked, stream: false });
  expect(JSON.parse(whole?.body ?? "")).toMatchObject({ choices: [{ text: "No." }] });
  const streamed = completions.softDenial("No.", { ...asked, stream: true });
  const meter = () => completions.streamMeter({ stripUsageFrame: false });
  const facts = checkEveryCut({ bytes: Buffer.from(streamed?.body ?? ""), meter });
  expect(facts).toMatchObject({ output: "No.", ended: true, finishReasons: ["stop"] });
});
