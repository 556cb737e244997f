import { expect, test } from "vitest";
import { chatStreamMeter, meterChatJson } from "./response.ts";

const frame = (data: unknown) =>
  Buffer.from(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
const text = { model: "m-2", choices: [{ delta: { content: "hi" } }], usage: null };
const usageFrame = frame({ model: "m-2", choices: [], usage });

test("strips only the usage frame that we asked for", () => {
  const asked = chatStreamMeter({ stripUsageFrame: true });
  expect([frame(text), usageFrame, frame("[DONE]")].map((each) => asked.frame(each))).toEqual([
    "forward",
    "strip",
    "terminal",
  ]);
  const unasked = chatStreamMeter({ stripUsageFrame: false });
  expect(unasked.frame(usageFrame)).toBe("forward");
});

test("keeps a content frame that carries usage, as some compatible providers send it", () => {
  const meter = chatStreamMeter({ stripUsageFrame: true });
  expect(meter.frame(frame({ ...text, usage }))).toBe("forward");
  expect(meter.facts().tokens).toMatchObject({ inputUncached: 3, outputVisible: 2 });
});

test("sets usage, never adds it, when a provider repeats it in every frame", () => {
  const meter = chatStreamMeter({ stripUsageFrame: false });
  for (const completion of [1, 2, 3]) {
    meter.frame(frame({ ...text, usage: { ...usage, completion_tokens: completion } }));
  }
  expect(meter.facts().tokens).toMatchObject({ inputUncached: 3, outputVisible: 3 });
});

test("is not final before the provider has told its usage", () => {
  const meter = chatStreamMeter({ stripUsageFrame: false });
  meter.frame(frame(text));
  expect(meter.facts()).toMatchObject({ tokens: null, usageIsFinal: false, ended: false });
  meter.frame(frame("[DONE]"));
  expect(meter.facts()).toMatchObject({ tokens: null, usageIsFinal: false, ended: true });
});

test("reads model, tool calls and errors, and is not confused by text that looks like signs", () => {
  const meter = chatStreamMeter({ stripUsageFrame: true });
  meter.frame(frame(text));
  const call = (id?: string) => ({
    choices: [{ delta: { tool_calls: [{ index: 0, ...(id ? { id } : {}), function: {} }] } }],
  });
  meter.frame(frame(call("a")));
  meter.frame(frame(call()));
  expect(meter.frame(frame({ choices: [{ delta: { content: 'say "usage" [DONE]' } }] }))).toBe(
    "forward",
  );
  expect(meter.frame(Buffer.from("data: not json [DONE]\n\n"))).toBe("forward");
  expect(meter.facts()).toMatchObject({ modelUsed: "m-2", toolCallCount: 1, errorInStream: false });
  meter.frame(frame({ error: { message: "overloaded" } }));
  expect(meter.facts().errorInStream).toBe(true);
});

test("reads a whole answer", () => {
  const body = {
    model: "m-2",
    usage,
    choices: [{ message: { tool_calls: [{ id: "a" }, { id: "b" }] } }],
  };
  expect(meterChatJson(body)).toMatchObject({
    modelUsed: "m-2",
    toolCallCount: 2,
    usageIsFinal: true,
  });
  expect(meterChatJson(undefined)).toMatchObject({ tokens: null, usageIsFinal: false });
});
