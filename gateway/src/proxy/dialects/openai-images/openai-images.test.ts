import { describe, expect, test } from "vitest";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { matchedForm, matchedJson } from "../testing/matched.ts";
import { sseFrame, withLineEnds } from "../testing/sse-bytes.ts";
import { openAiImages } from "./openai-images.ts";

const generations = matchedJson(openAiImages, "/v1/images/generations");
const edits = matchedForm(openAiImages, "/v1/images/edits");
const variations = matchedForm(openAiImages, "/v1/images/variations");

const usage = {
  input_tokens: 50,
  input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  output_tokens: 1_056,
  output_tokens_details: { text_tokens: 0, image_tokens: 1_056 },
  total_tokens: 1_106,
};

test("counts image tokens with the input and the output, and keeps how they split", () => {
  const facts = generations.meterJson({ created: 1, data: [{ b64_json: "iVBORw0" }], usage });
  expect(facts).toMatchObject({
    tokens: { inputUncached: 50, outputVisible: 1_056 },
    totalTokens: 1_106,
    usageIsFinal: true,
    ended: true,
  });
  expect(JSON.parse(facts.rawUsage)).toEqual(usage);
});

test("older models tell no usage: it is missing, not nothing", () => {
  expect(variations.meterJson({ created: 1, data: [] })).toMatchObject({ tokens: null });
  expect(generations.meterJson(undefined)).toMatchObject({ tokens: null, ended: false });
});

describe("the author of an SVG is a second model", () => {
  const body = { model: "m", prompt: "a cat", svg: { model: "m-big" } };

  test("attack: which policy sees, and can take away", () => {
    expect(generations.describe(body)).toMatchObject({ model: "m", toolNames: ["svg:m-big"] });
    expect(generations.stripTools(body, new Set(["svg:m-big"]))).toEqual([
      { member: "svg", json: null },
    ]);
    expect(generations.stripTools(body, new Set(["other"]))).toEqual([]);
    const form = new Map(Object.entries({ model: "m", "svg[model]": "m-big" }));
    expect(edits.describe(form).toolNames).toEqual(["svg:m-big"]);
    expect(edits.governedFields).toContain("svg[model]");
  });

  test("whose bill shows as a mismatch: it is not this model's", () => {
    const svg = { input_tokens: 1, output_tokens: 2, reasoning_tokens: 1, total_tokens: 4 };
    const facts = generations.meterJson({ usage, svg_usage: svg });
    expect(facts).toMatchObject({ tokens: { inputUncached: 50 }, totalTokens: 1_110 });
    expect(JSON.parse(facts.rawUsage)).toEqual({ ...usage, svg_usage: svg });
  });
});

test.each([
  ["image_generation", generations],
  ["image_edit", edits],
])("reads a stream of %s the same wherever it is cut", (kind, operation) => {
  const image = "iVBORw0KGgo".repeat(30);
  const stream = Buffer.concat([
    sseFrame({ type: `${kind}.partial_image`, partial_image_index: 0, b64_json: image }),
    sseFrame({ type: `${kind}.partial_image`, partial_image_index: 1, b64_json: image }),
    sseFrame({ type: `${kind}.completed`, b64_json: image, usage }),
  ]);
  const meter = () => operation.streamMeter({ stripUsageFrame: false });
  for (const bytes of [stream, withLineEnds(stream, "\r\n")]) {
    const told = { totalTokens: 1_106, ended: true, usageIsFinal: true, output: "" };
    expect(checkEveryCut({ bytes, meter })).toMatchObject(told);
    expect(checkRandomCuts({ bytes, meter })).toMatchObject(told);
  }
});

test("refuses a call that does not name its model", () => {
  const invalid = expect.objectContaining({ code: "WEIR_FIELD_INVALID" });
  expect(() => generations.describe({ prompt: "a cat" })).toThrow(invalid);
  expect(() => edits.describe(new Map())).toThrow(invalid);
  expect(() => variations.describe(new Map())).toThrow(invalid);
});
