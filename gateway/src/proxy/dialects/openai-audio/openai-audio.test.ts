import { describe, expect, test } from "vitest";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { matchedForm, matchedJson } from "../testing/matched.ts";
import { sseFrame, withLineEnds } from "../testing/sse-bytes.ts";
import { openAiAudio } from "./openai-audio.ts";

const speech = matchedJson(openAiAudio, "/v1/audio/speech");
const transcriptions = matchedForm(openAiAudio, "/v1/audio/transcriptions");
const translations = matchedForm(openAiAudio, "/v1/audio/translations");

describe("speech", () => {
  test("streams events only where that is asked for", () => {
    expect(speech.describe({ model: "m", input: "hi", stream_format: "sse" })).toMatchObject({
      model: "m",
      stream: true,
    });
    expect(speech.describe({ model: "m", input: "hi" }).stream).toBe(false);
  });

  test("has no usage to tell when it is sound alone", () => {
    expect(speech.meterJson(undefined)).toMatchObject({ tokens: null, rawUsage: "" });
  });

  test("tells it at the end of a stream, what was put out as sound", () => {
    const bytes = Buffer.concat([
      sseFrame({ type: "speech.audio.delta", audio: "UklGRg".repeat(20) }),
      sseFrame({ type: "speech.audio.delta", audio: "AAAA" }),
      sseFrame({
        type: "speech.audio.done",
        usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 },
      }),
    ]);
    const meter = () => speech.streamMeter({ stripUsageFrame: false });
    const facts = checkEveryCut({ bytes, meter });
    expect(facts).toMatchObject({
      tokens: { inputUncached: 14, outputVisible: 0, audioOut: 101 },
      totalTokens: 115,
      ended: true,
      usageIsFinal: true,
      output: "",
    });
  });
});

describe("transcriptions and translations", () => {
  const fields = (values: Record<string, string>) => new Map(Object.entries(values));

  test("are decided on by their model, in whatever spelling the flag comes", () => {
    expect(transcriptions).toMatchObject({ id: "audio.transcriptions", neededField: "model" });
    expect(transcriptions.describe(fields({ model: "m", stream: "True" }))).toMatchObject({
      model: "m",
      stream: true,
    });
    expect(transcriptions.describe(fields({ model: "m", stream: "false" })).stream).toBe(false);
    expect(translations.describe(fields({ model: "m" })).stream).toBe(false);
    for (const invalid of [
      fields({}),
      fields({ model: "" }),
      fields({ model: "m", stream: "7" }),
    ]) {
      expect(() => transcriptions.describe(invalid)).toThrow(
        expect.objectContaining({ code: "WEIR_FIELD_INVALID" }),
      );
    }
  });

  const usage = {
    type: "tokens",
    input_tokens: 14,
    input_token_details: { text_tokens: 4, audio_tokens: 10 },
    output_tokens: 45,
    total_tokens: 59,
  };

  test("tell sound apart from text", () => {
    expect(transcriptions.meterJson({ text: "hi", usage })).toMatchObject({
      tokens: { inputUncached: 4, audioIn: 10, outputVisible: 45 },
      totalTokens: 59,
      usageIsFinal: true,
    });
  });

  test("that are billed by the second have no tokens, but keep what was told", () => {
    const facts = transcriptions.meterJson({ text: "hi", usage: { type: "duration", seconds: 9 } });
    expect(facts).toMatchObject({ tokens: null, usageIsFinal: false, ended: true });
    expect(JSON.parse(facts.rawUsage)).toEqual({ type: "duration", seconds: 9 });
  });

  test("that come as plain text or without usage tell nothing", () => {
    expect(transcriptions.meterJson(undefined)).toMatchObject({ tokens: null, rawUsage: "" });
    expect(translations.meterJson({ text: "hi" })).toMatchObject({ tokens: null, rawUsage: "" });
  });

  const stream = Buffer.concat([
    sseFrame({ type: "transcript.text.delta", delta: "I see " }),
    Buffer.from(": ping\n\n"),
    sseFrame({ type: "transcript.text.segment", id: "1", text: "I see 日本", start: 0, end: 1 }),
    sseFrame({ type: "transcript.text.delta", delta: "日本" }),
    sseFrame({ type: "transcript.text.done", text: "I see 日本", usage }),
    sseFrame("[DONE]"),
  ]);

  test.each([
    ["LF", stream],
    ["CR LF", withLineEnds(stream, "\r\n")],
  ])("stream the same wherever they are cut, with %s line ends", (_name, bytes) => {
    const meter = () => transcriptions.streamMeter({ stripUsageFrame: false });
    const told = { output: "I see 日本", totalTokens: 59, ended: true };
    expect(checkEveryCut({ bytes, meter })).toMatchObject(told);
    expect(checkRandomCuts({ bytes, meter })).toMatchObject(told);
  });

  test("see an error after status 200", () => {
    const meter = transcriptions.streamMeter({ stripUsageFrame: false });
    meter.frame(sseFrame({ type: "error", error: { message: "overloaded" } }));
    expect(meter.facts()).toMatchObject({ errorInStream: true, ended: false });
  });
});
