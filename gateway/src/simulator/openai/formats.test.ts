import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventsIn, SimulatorUnderTest } from "../simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeAll(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server.simulator.ledger.reset());
afterAll(() => server[Symbol.asyncDispose]());

async function json(path: string, body: object): Promise<unknown> {
  return (await server.post(path, body)).json();
}

const recording = new Blob([Buffer.alloc(4000, 1)], { type: "audio/wav" });

function expectReportedAsBilled(): void {
  expect(server.lastCall().reported).toEqual(server.lastCall().billed);
}

describe("completions", () => {
  const path = "/v1/completions";

  it("answer each prompt with a choice, and bill each", async () => {
    const body = { model: "m", prompt: ["a b", "c", "d e f"] };
    expect(await json(path, body)).toMatchObject({
      object: "text_completion",
      choices: [{ index: 0 }, { index: 1 }, { index: 2, finish_reason: "stop" }],
      usage: { prompt_tokens: 7 + 6 + 9, completion_tokens: 30 },
    });
    expectReportedAsBilled();
    await json(path, { model: "m", prompt: [1, 2, 3] });
    expect(server.lastCall().billed?.inputUncached).toBe(7 + 3 + 3);
  });

  it("stream the same text, and tell usage when asked", async () => {
    const body = { model: "sim-reasoning", prompt: "x", stream: true };
    const events = eventsIn(await (await server.post(path, body)).text());
    expect(events.some((event) => "usage" in event)).toBe(false);
    expect(server.lastCall()).toMatchObject({ reported: null, billed: { outputReasoning: 24 } });
    const asked = { ...body, stream_options: { include_usage: true } };
    const text = await (await server.post(path, asked)).text();
    expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
    expect(eventsIn(text).at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 34 } });
    expectReportedAsBilled();
  });
});

describe("embeddings", () => {
  const path = "/v1/embeddings";

  it("are the same numbers in both encodings, of the dimensions asked for", async () => {
    const body = { model: "m", input: ["a b", "c"], dimensions: 40 };
    const [floats, base64] = await Promise.all([
      json(path, body),
      json(path, { ...body, encoding_format: "base64" }),
    ]);
    const vectors = vectorsOf(floats);
    expect(vectors.map((vector) => vector.length)).toEqual([40, 40]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(vectorsOf(base64)).toEqual(vectors);
  });

  it("bill input alone, of words or of tokens", async () => {
    await json(path, { model: "m", input: [[1, 2, 3], [4]] });
    expect(server.lastCall().billed).toMatchObject({ inputUncached: 11, outputVisible: 0 });
    expectReportedAsBilled();
  });

  it("are refused for what is no input", async () => {
    for (const input of [undefined, 7, [{}], [[]]]) {
      expect((await server.post(path, { model: "m", input })).status).toBe(400);
    }
  });

  function vectorsOf(reply: unknown): readonly (readonly number[])[] {
    const { data }: { data: readonly { embedding: string | readonly number[] }[] } = JSON.parse(
      JSON.stringify(reply),
    );
    return data.map(({ embedding }) => {
      if (typeof embedding !== "string") return embedding;
      const bytes = Uint8Array.from(Buffer.from(embedding, "base64"));
      return Array.from(new Float32Array(bytes.buffer));
    });
  }
});

it("moderations flag what a text names, and cost nothing", async () => {
  const reply = await json("/v1/moderations", { input: ["pure violence", "kind words"] });
  expect(reply).toMatchObject({
    results: [
      { flagged: true, categories: { violence: true, hate: false } },
      { flagged: false, category_scores: { violence: 0.001 } },
    ],
  });
  expect(server.lastCall()).toMatchObject({ billed: { inputUncached: 0 }, reported: null });
});

describe("speech", () => {
  const path = "/v1/audio/speech";
  const body = { model: "m", input: "one two three", voice: "alloy" };

  it("is sound that tells no usage, but is billed", async () => {
    const response = await server.post(path, { ...body, response_format: "wav" });
    expect(response.headers.get("content-type")).toBe("audio/wav");
    expect((await response.arrayBuffer()).byteLength).toBe(3 * 480);
    expect(server.lastCall()).toMatchObject({
      stream: false,
      billed: { inputUncached: 10, audioOut: 60 },
      reported: null,
    });
  });

  it("is events that tell their usage at the end", async () => {
    const text = await (await server.post(path, { ...body, stream_format: "sse" })).text();
    const events = eventsIn(text);
    expect(events).toHaveLength(4);
    expect(events.at(-1)).toEqual({
      type: "speech.audio.done",
      usage: { input_tokens: 10, output_tokens: 60, total_tokens: 70 },
    });
    expectReportedAsBilled();
  });

  it("breaks off after so many pieces, and bills those", async () => {
    const response = await server.post(path, { ...body, model: "sim-die-0" });
    await expect(response.arrayBuffer()).rejects.toThrow("terminated");
    expect(server.lastCall().end).toBe("died");
  });
});

describe("transcriptions", () => {
  const path = "/v1/audio/transcriptions";

  it("are billed in tokens, sound apart from text", async () => {
    const form = { model: "m", prompt: "one two", file: recording };
    const reply = await (await server.postForm(path, form)).json();
    expect(reply).toMatchObject({
      usage: { type: "tokens", input_token_details: { audio_tokens: 45, text_tokens: 2 } },
    });
    expect(server.lastCall()).toMatchObject({
      billed: { inputUncached: 2, audioIn: 45, outputVisible: 9 },
      billedSeconds: 0,
    });
    expectReportedAsBilled();
  });

  it.each(["whisper-1", "sim-seconds"])("are billed in seconds for %s", async (model) => {
    const reply = await (await server.postForm(path, { model, file: recording })).json();
    expect(reply).toMatchObject({ usage: { type: "duration", seconds: 1 } });
    expect(server.lastCall()).toMatchObject({ billedSeconds: 1, billed: { audioIn: 0 } });
  });

  it.each([
    ["text", "text/plain; charset=utf-8"],
    ["srt", "application/x-subrip"],
    ["vtt", "text/vtt"],
  ])("come as %s without usage", async (format, contentType) => {
    const form = { model: "m", file: recording, response_format: format };
    const response = await server.postForm(path, form);
    expect(response.headers.get("content-type")).toBe(contentType);
    expect(await response.text()).toContain("The recording has 4000 bytes.");
    expect(server.lastCall()).toMatchObject({ reported: null, billed: { audioIn: 45 } });
  });

  it("stream the same text and tell usage at the end", async () => {
    const form = { model: "m", file: recording, stream: "true" };
    const events = eventsIn(await (await server.postForm(path, form)).text());
    const text = events.reduce(
      (sum, { delta }) => (typeof delta === "string" ? sum + delta : sum),
      "",
    );
    expect(events.at(-1)).toMatchObject({
      type: "transcript.text.done",
      text,
      usage: { type: "tokens", output_tokens: 9 },
    });
    expectReportedAsBilled();
  });

  it("are refused without a recording or a model", async () => {
    for (const form of [{ model: "m" }, { file: recording }]) {
      expect((await server.postForm(path, form)).status).toBe(400);
    }
  });
});

it("translations tell no usage, and are billed in seconds", async () => {
  const form = { model: "m", file: recording };
  const reply = await (await server.postForm("/v1/audio/translations", form)).json();
  expect(reply).toEqual({ text: expect.any(String) });
  expect(server.lastCall()).toMatchObject({ billedSeconds: 1, reported: null });
});

describe("images", () => {
  it("are billed by picture, with the prompt apart from pictures that came in", async () => {
    const body = { model: "m", prompt: "a cat", n: 2 };
    expect(await json("/v1/images/generations", body)).toMatchObject({
      data: [{ b64_json: expect.any(String) }, { b64_json: expect.any(String) }],
      usage: { input_tokens: 9, output_tokens: 544, total_tokens: 553 },
    });
    expectReportedAsBilled();
    const form = { model: "m", prompt: "a cat", image: new Blob(["x"], { type: "image/png" }) };
    const edited = await (await server.postForm("/v1/images/edits", form)).json();
    expect(edited).toMatchObject({
      usage: { input_tokens_details: { text_tokens: 9, image_tokens: 85 } },
    });
    expectReportedAsBilled();
  });

  it("stream unfinished pictures, which are billed too", async () => {
    const body = { model: "m", prompt: "x", stream: true, partial_images: 2 };
    const events = eventsIn(await (await server.post("/v1/images/generations", body)).text());
    expect(events.map((event) => event["type"])).toEqual([
      "image_generation.partial_image",
      "image_generation.partial_image",
      "image_generation.completed",
    ]);
    expect(server.lastCall().billed?.outputVisible).toBe(272 + 200);
    expectReportedAsBilled();
  });
});

it("answers 404 for a model that is neither listed nor asks for anything", async () => {
  expect(await (await server.send("GET", "/v1/models/sim-tools-slow-5")).json()).toMatchObject({
    object: "model",
  });
  expect((await server.send("GET", "/v1/models/other")).status).toBe(404);
});
