import { describe, expect, test } from "vitest";
import { Refusal } from "../../refusal.ts";
import { parseFrames } from "../testing/sse-bytes.ts";
import { refusalEvents } from "./denial-events.ts";
import { openAiResponses, responsesOperation } from "./openai-responses.ts";

const head = (method: string, path: string) => ({ method, path, query: "", headers: {} });
const match = (method: string, path: string) => openAiResponses.match(head(method, path));
const ids = { callId: "call-1", decisionId: "decision-1" };

describe("what is served", () => {
  test.each([
    ["POST", "/v1/responses", "responses", "json", true],
    ["POST", "/v1/responses/input_tokens", "responses.input_tokens", "json", true],
    ["POST", "/v1/responses/compact", "responses.compact", "json", true],
    ["GET", "/v1/responses/resp_1", "responses.retrieve", "opaque", true],
    ["DELETE", "/v1/responses/resp_1", "responses.delete", "opaque", true],
    ["POST", "/v1/responses/resp_1/cancel", "responses.cancel", "opaque", true],
    ["GET", "/v1/responses/resp_1/input_items", "responses.input_items", "opaque", true],
    ["POST", "/v1/conversations", "conversations.create", "opaque", false],
    ["GET", "/v1/conversations/conv_1", "conversations.retrieve", "opaque", false],
    ["POST", "/v1/conversations/conv_1", "conversations.update", "opaque", false],
    ["DELETE", "/v1/conversations/conv_1", "conversations.delete", "opaque", false],
    ["POST", "/v1/conversations/conv_1/items", "conversations.items.create", "opaque", false],
    ["GET", "/v1/conversations/conv_1/items", "conversations.items.list", "opaque", false],
    ["GET", "/v1/conversations/c/items/i", "conversations.items.retrieve", "opaque", false],
    ["DELETE", "/v1/conversations/c/items/i", "conversations.items.delete", "opaque", false],
  ])("%s %s is %s", (method, path, id, kind, metered) => {
    const operation = match(method, path);
    expect(operation).toMatchObject({ id, kind, metered });
    expect(operation?.upstreamPath("m")).toBe(path.slice("/v1".length));
  });

  test.each([
    ["GET", "/v1/responses"],
    ["PUT", "/v1/responses"],
    ["POST", "/v1/responses/"],
    ["GET", "/v1/responses/compact"],
    ["POST", "/v1/responses/resp_1"],
    ["GET", "/v1/responses/.."],
    ["GET", "/v1/responses/../files"],
    ["GET", "/v1/responses/a%2f..%2ffiles"],
    ["GET", "/v1/responses/a/b/c"],
    ["GET", "/v1/conversations"],
    ["DELETE", "/v1/conversations/c/items"],
  ])("%s %s is not", (method, path) => {
    expect(match(method, path)).toBeNull();
  });

  test("state that the path names has to be looked for where it is", () => {
    expect(match("GET", "/v1/responses/resp_1")).toMatchObject({ stateIds: ["resp_1"] });
    expect(match("GET", "/v1/conversations/c/items/i")).toMatchObject({ stateIds: ["c"] });
  });
});

describe("a response that runs in the background", () => {
  const queued = { id: "resp_1", model: "m", status: "queued", background: true, usage: null };
  const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
  const retrieve = match("GET", "/v1/responses/resp_1");
  const meter = retrieve?.kind === "opaque" ? retrieve.meterJson : null;

  test("tells no usage when it is begun", () => {
    expect(responsesOperation.meterJson(queued)).toMatchObject({
      responseId: "resp_1",
      stateIds: ["resp_1"],
      finishReasons: ["queued"],
      tokens: null,
      usageIsFinal: false,
      ended: true,
    });
  });

  test("tells it to whoever asks once it is finished", () => {
    expect(meter?.(queued)).toMatchObject({ tokens: null });
    expect(meter?.({ ...queued, status: "in_progress", usage })).toMatchObject({ tokens: null });
    expect(meter?.({ ...queued, status: "completed", usage })).toMatchObject({
      tokens: { inputUncached: 3, outputVisible: 2 },
      usageIsFinal: true,
      modelUsed: "m",
    });
  });

  test("attack: asking again for one that ran in the foreground does not count it twice", () => {
    const finished = { ...queued, background: false, status: "completed", usage };
    expect(meter?.(finished)).toMatchObject({ tokens: null, rawUsage: "" });
  });
});

test("counts input tokens free of charge", () => {
  const operation = match("POST", "/v1/responses/input_tokens");
  expect(operation).toMatchObject({ free: true, auxiliary: true });
  if (operation?.kind !== "json") throw new Error("not JSON");
  expect(operation.meterJson({ object: "response.input_tokens", input_tokens: 9 })).toMatchObject({
    usageIsFinal: true,
    tokens: { inputUncached: 0 },
  });
  expect(operation.meterJson({}).tokens).toBeNull();
});

test("reads the bill of a compaction and by what its content is known", () => {
  const operation = match("POST", "/v1/responses/compact");
  if (operation?.kind !== "json") throw new Error("not JSON");
  const facts = operation.meterJson({
    id: "resp_2",
    object: "response.compaction",
    output: [{ type: "compaction", id: "cmp_1", encrypted_content: "x" }],
    usage: { input_tokens: 10, output_tokens: 4, total_tokens: 14 },
  });
  expect(facts).toMatchObject({ tokens: { inputUncached: 10, outputVisible: 4 }, totalTokens: 14 });
  expect(facts.stateIds).toHaveLength(2);
});

test("caps the output of a response", () => {
  const cap = (body: { max_output_tokens?: number }) => responsesOperation.capMaxTokens(body, 10);
  expect(cap({ max_output_tokens: 10 })).toEqual([]);
  expect(cap({ max_output_tokens: 11 })).toEqual([{ member: "max_output_tokens", json: "10" }]);
  expect(cap({})).toEqual([{ member: "max_output_tokens", json: "10" }]);
});

describe("a refusal", () => {
  const denied = new Refusal("WEIR_POLICY_DENIED", { message: "No shell here." });

  test("before the answer has the status at which Codex stops", () => {
    const { status, body } = openAiResponses.renderRefusal(denied, ids);
    expect(status).toBe(400);
    expect(JSON.parse(body).error.message).toContain("No shell here.");
  });

  test("inside a stream is the one pair of events at which Codex stops", () => {
    const events = parseFrames(openAiResponses.renderStreamError(denied, ids));
    expect(events.map(({ type }) => type)).toEqual(["response.created", "response.failed"]);
    expect(events[1]?.["response"]).toMatchObject({
      id: "resp_call-1",
      status: "failed",
      error: { code: "invalid_prompt", message: expect.stringContaining("decision-1") },
    });
  });

  test("of a response that has begun fails that very one: clients check its id", () => {
    const begun = { responseId: "resp_9", modelUsed: "m-2" };
    const events = parseFrames(openAiResponses.renderStreamError(denied, ids, begun));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: "response.failed",
      response: { id: "resp_9", model: "m-2", error: { code: "invalid_prompt" } },
    });
  });

  test.each([
    ["WEIR_UPSTREAM_DIED", "server_error"],
    ["WEIR_PROVIDER_BUSY", "rate_limit_exceeded"],
  ] as const)("that may pass of itself keeps a code that clients repeat: %s", (code, expected) => {
    const begun = { responseId: "", modelUsed: "m", sequenceNumber: 7 };
    const [created, failed] = refusalEvents(new Refusal(code), ids, begun);
    expect([created?.["sequence_number"], failed?.["sequence_number"]]).toEqual([7, 8]);
    expect(failed?.["response"]).toMatchObject({ model: "m", error: { code: expected } });
  });
});

describe("a soft denial", () => {
  const asked = { model: "m", id: "call-1" };

  test("is a complete answer of the model", () => {
    const answer = responsesOperation.softDenial("No.", { ...asked, stream: false });
    expect(answer?.contentType).toBe("application/json");
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({
      object: "response",
      status: "completed",
      model: "m",
      output: [
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "No." }] },
      ],
      usage: { total_tokens: 0 },
    });
  });

  test("is the whole order of events where a stream was asked for", () => {
    const answer = responsesOperation.softDenial("No.", { ...asked, stream: true });
    const events = parseFrames(answer?.body ?? "");
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event["sequence_number"])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const meter = responsesOperation.streamMeter({ stripUsageFrame: false });
    for (const event of events) meter.frame(Buffer.from(`data: ${JSON.stringify(event)}\n\n`));
    expect(meter.facts()).toMatchObject({ ended: true, totalTokens: 0, usageIsFinal: true });
    expect(meter.facts().output.text()).toBe("No.");
  });
});
