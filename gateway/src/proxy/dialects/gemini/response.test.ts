import { describe, expect, test } from "vitest";
import { JsonArrayFrames } from "../../meter/json-array-frames.ts";
import type { ResponseFacts } from "../dialect.ts";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import {
  geminiStreamMeter,
  meterGeminiCount,
  meterGeminiEmbeddings,
  meterGeminiJson,
} from "./response.ts";
import { asArray, asEvents, asSpreadEvents } from "./testing/framed.ts";
import { recordings } from "./testing/recorded.ts";

const plain = ({ output, ...facts }: ResponseFacts) => ({ ...facts, output: output.text() });
const ofArray = (packets: readonly Buffer[]) => {
  const frames = new JsonArrayFrames(1_000_000);
  const meter = geminiStreamMeter();
  for (const frame of packets.flatMap((packet) => frames.push(packet))) meter.frame(frame);
  return plain(meter.facts());
};

describe.each(Object.entries(recordings))("a stream with %s", (_name, { chunks, expected }) => {
  test("tells the same however its events are cut", () => {
    const facts = checkEveryCut({ bytes: asEvents(chunks), meter: geminiStreamMeter });
    expect(facts).toMatchObject(expected);
  });

  test("tells the same with other line ends, comments and data on several lines", () => {
    const { bytes, meter } = { bytes: asSpreadEvents(chunks), meter: geminiStreamMeter };
    checkRandomCuts({ bytes, meter }, 20);
    expect(checkEveryCut({ bytes: asEvents(chunks, "\n"), meter })).toMatchObject(expected);
  });

  test("tells the same as a JSON array, cut at every byte", () => {
    const bytes = asArray(chunks);
    const whole = ofArray([bytes]);
    expect(whole).toMatchObject(expected);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(ofArray([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
    }
  });

  test("tells the same when the array has been held whole", () => {
    expect(plain(meterGeminiJson(JSON.parse(asArray(chunks).toString())))).toMatchObject(expected);
  });
});

test("is not at its end before every candidate has finished", () => {
  const meter = geminiStreamMeter();
  const { chunks } = recordings["two candidates that finish apart"] ?? { chunks: [] };
  const ended = chunks.map((chunk) => {
    meter.frame(asEvents([chunk]));
    return meter.facts().ended;
  });
  expect(ended).toEqual([false, false, true]);
});

test("never takes a frame for the last one: usage may still follow", () => {
  for (const { chunks } of Object.values(recordings)) {
    const meter = geminiStreamMeter();
    for (const chunk of chunks) expect(meter.frame(asEvents([chunk]))).toBe("forward");
  }
});

test("overlooks what is no chunk", () => {
  const meter = geminiStreamMeter();
  for (const frame of ["", "data: [DONE]\n\n", "data: {\n\n", "[1,", '"a{"', "]", ": {}\n\n"]) {
    expect(meter.frame(Buffer.from(frame))).toBe("forward");
  }
  meter.frame(asEvents([{ candidates: "x", usageMetadata: [], promptFeedback: 1, error: "e" }]));
  meter.frame(asEvents([{ candidates: [1, { content: 2 }, { content: { parts: [3] } }] }]));
  expect(meter.facts()).toMatchObject({ tokens: null, ended: false, toolCallCount: 0 });
});

test("attack: candidates without end do not take memory without end", () => {
  const meter = geminiStreamMeter();
  for (let index = 0; index < 1_000; index += 1) {
    meter.frame(asEvents([{ candidates: [{ index, finishReason: "STOP" }] }]));
  }
  expect(meter.facts().finishReasons.length).toBeLessThanOrEqual(64);
});

test("reads a whole answer, and nothing from what is none", () => {
  const [whole] = recordings["calls of functions, two at once"]?.chunks ?? [];
  expect(meterGeminiJson(whole)).toMatchObject({ toolCallCount: 2, usageIsFinal: true });
  expect(meterGeminiJson(undefined)).toMatchObject({ tokens: null, ended: false });
});

test("reads what embeddings tell, which is nothing for older models", () => {
  expect(meterGeminiEmbeddings({ embedding: { values: [1] } })).toMatchObject({
    ended: true,
    tokens: null,
    usageIsFinal: false,
  });
  const usageMetadata = { promptTokenCount: 6, totalTokenCount: 6 };
  expect(meterGeminiEmbeddings({ embeddings: [{}], usageMetadata })).toMatchObject({
    tokens: { inputUncached: 6 },
    totalTokens: 6,
    usageIsFinal: true,
  });
});

test("books a count of tokens as none", () => {
  expect(meterGeminiCount({ totalTokens: 31 })).toMatchObject({
    usageIsFinal: true,
    tokens: { inputUncached: 0 },
  });
  expect(meterGeminiCount(undefined).usageIsFinal).toBe(false);
});
