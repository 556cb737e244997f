import { describe, expect, test } from "vitest";
import { Refusal } from "../../refusal.ts";
import type { JsonOperation, Operation } from "../dialect.ts";
import { gemini } from "./gemini.ts";
import { meterGeminiJson } from "./response.ts";

const ask = (
  method: string,
  target: string,
  headers: Record<string, string> = {},
): Operation | null => {
  const [path = "", query = ""] = target.split("?", 2);
  return gemini.match({ method, path, query: query === "" ? "" : `?${query}`, headers });
};
const json = (target: string, headers: Record<string, string> = {}): JsonOperation => {
  const operation = ask("POST", target, headers);
  if (operation?.kind !== "json") throw new Error(`${target} is no JSON operation`);
  return operation;
};
const model = "/v1beta/models/g-1";
const ids = { callId: "c", decisionId: "d-1" };

describe("operations", () => {
  test.each([
    ["generateContent", false, false],
    ["streamGenerateContent", false, false],
    ["countTokens", true, true],
    ["embedContent", false, false],
    ["batchEmbedContents", false, false],
  ])("knows %s", (verb, auxiliary, free) => {
    const operation = json(`${model}:${verb}`);
    expect(operation).toMatchObject({ id: `gemini.${verb}`, auxiliary, free, metered: true });
    expect(operation.upstreamPath("g-2")).toBe(`/v1beta/models/g-2:${verb}`);
    expect(operation.describe({})).toMatchObject({
      model: "g-1",
      stream: verb === "streamGenerateContent",
    });
  });

  test("keeps the version that the client chose", () => {
    expect(json("/v1/models/g-1:generateContent").upstreamPath("g-1")).toBe(
      "/v1/models/g-1:generateContent",
    );
  });

  test.each(["GET", "PUT", "DELETE"])("has no %s of a verb", (method) => {
    expect(ask(method, `${model}:generateContent`)).toBeNull();
  });

  test("does not claim what belongs to other dialects", () => {
    expect(ask("POST", "/v1/chat/completions")).toBeNull();
    expect(ask("POST", "/v1beta/openai/chat/completions")).toBeNull();
    expect(ask("GET", "/v1/models")).toBeNull();
    expect(ask("GET", "/v1/models/gpt-x")).toBeNull();
  });
});

describe("attack: a form of the answer that could not be metered is refused:", () => {
  test.each([
    "fields=candidates",
    "$fields=candidates",
    "%24fields=candidates",
    "alt=proto",
    "$alt=proto",
    "alt=sse&alt=json",
    "alt=sse&$alt=json",
    "alt=media",
    "alt=",
    "callback=x",
    "access_token=x",
    "$httpMethod=GET",
  ])("%s", (query) => {
    expect(() => json(`${model}:generateContent?${query}`).describe({})).toThrow(
      expect.objectContaining({ code: "WEIR_FIELD_INVALID" }),
    );
  });

  test.each(["x-goog-fieldmask", "x-http-method-override"])("header %s", (name) => {
    expect(() => json(`${model}:generateContent`, { [name]: "x" }).describe({})).toThrow(
      expect.objectContaining({ code: "WEIR_FIELD_INVALID" }),
    );
  });

  test.each([
    "",
    "alt=sse",
    "key=k&alt=json",
    "%24alt=json%3Benum-encoding%3Dint",
    "prettyPrint=false",
  ])("but not '%s'", (query) =>
    expect(json(`${model}:streamGenerateContent?${query}`).describe({}).stream).toBe(true),
  );
});

describe("models", () => {
  const models = (target: string, headers: Record<string, string> = {}) => {
    const operation = ask("GET", target, headers);
    if (operation?.kind !== "models") throw new Error(`${target} is no list`);
    return operation;
  };

  test("under /v1 only Google's own clients get Google's list", () => {
    expect(models("/v1beta/models").upstreamPath("")).toBe("/v1beta/models?pageSize=1000");
    expect(models("/v1/models", { "x-goog-api-client": "x" }).upstreamPath("")).toBe(
      "/v1/models?pageSize=1000",
    );
    expect(models("/v1/models?key=k").modelId).toBeNull();
    expect(models("/v1/models/g-1", { "x-goog-api-key": "k" }).modelId).toBe("g-1");
  });

  test("reads names without their prefix and renders them with it", () => {
    const operation = models("/v1beta/models");
    const list = { models: [{ name: "models/g-1" }, { name: "models/g-2" }, {}] };
    expect(operation.readIds(list)).toEqual(["g-1", "g-2"]);
    expect(JSON.parse(operation.renderList(["g-1"]))).toMatchObject({
      models: [{ name: "models/g-1" }],
    });
    expect(JSON.parse(operation.renderModel("g-1"))).toMatchObject({ name: "models/g-1" });
  });
});

describe("saying no", () => {
  test.each([
    ["WEIR_POLICY_DENIED", 403, "PERMISSION_DENIED"],
    ["WEIR_KEY_INVALID", 401, "UNAUTHENTICATED"],
    ["WEIR_BODY_NOT_JSON", 400, "INVALID_ARGUMENT"],
    ["WEIR_NO_PROVIDER", 404, "NOT_FOUND"],
    ["WEIR_PROVIDER_BUSY", 429, "RESOURCE_EXHAUSTED"],
    ["WEIR_OVERLOADED", 503, "UNAVAILABLE"],
    ["WEIR_UPSTREAM_TIMEOUT", 504, "DEADLINE_EXCEEDED"],
    ["WEIR_INTERNAL", 500, "INTERNAL"],
  ] as const)("%s is %i %s", (code, status, name) => {
    const rendered = gemini.renderRefusal(new Refusal(code), ids);
    expect(rendered.status).toBe(status);
    const { error } = JSON.parse(rendered.body);
    expect(error).toEqual({ code: status, status: name, message: expect.any(String) });
    expect(error.message).toContain(code);
    expect(error.message).toContain("d-1");
  });

  test("an upstream's failure inside a stream is an error, a denial the model's last words", () => {
    const chunk = (refusal: Refusal) => {
      const [data = "", end] = gemini.renderStreamError(refusal, ids).split("\r\n\r\n");
      expect(end).toBe("");
      return JSON.parse(data.slice("data: ".length));
    };
    expect(chunk(new Refusal("WEIR_UPSTREAM_DIED"))).toMatchObject({ error: { code: 502 } });
    const denial = chunk(new Refusal("WEIR_POLICY_DENIED"));
    expect(denial.error).toBeUndefined();
    expect(denial.candidates[0]).toMatchObject({
      finishReason: "STOP",
      content: { parts: [{ text: expect.stringContaining("WEIR_POLICY_DENIED") }] },
    });
  });

  test("a stream that is an array stays one, wherever it is broken off", () => {
    const { dialect } = json(`${model}:streamGenerateContent`);
    expect(dialect.name).toBe("gemini");
    const refusal = new Refusal("WEIR_UPSTREAM_DIED");
    const begun = { responseId: "r-1", modelUsed: "" };
    const none = { responseId: "", modelUsed: "" };
    const chunks = [{ responseId: "r-1" }, { responseId: "r-1" }];
    const sent = JSON.stringify(chunks).slice(0, -1);
    const error = { error: { code: 502, status: "UNAVAILABLE" } };
    expect(JSON.parse(sent + dialect.renderStreamError(refusal, ids, begun))).toMatchObject([
      ...chunks,
      error,
    ]);
    expect(JSON.parse(dialect.renderStreamError(refusal, ids, none))).toMatchObject([error]);
    const events = json(`${model}:streamGenerateContent?alt=sse`).dialect;
    expect(events.renderStreamError(refusal, ids, begun)).toMatch(/^data: /);
  });

  test.each([
    ["generateContent", false, "application/json"],
    ["streamGenerateContent?alt=sse", true, "text/event-stream; charset=utf-8"],
    ["streamGenerateContent", true, "application/json"],
  ])("a soft denial of %s reads like an answer that cost nothing", (verb, stream, contentType) => {
    const asked = { model: "g-1", stream, id: "c-1" };
    const answer = json(`${model}:${verb}`).softDenial("Not today.", asked);
    expect(answer?.contentType).toBe(contentType);
    const text = answer?.body ?? "";
    const facts = meterGeminiJson(JSON.parse(text.startsWith("data: ") ? text.slice(6) : text));
    expect(facts).toMatchObject({
      finishReasons: ["STOP"],
      responseId: "c-1",
      modelUsed: "g-1",
      totalTokens: 0,
      usageIsFinal: true,
    });
    expect(facts.output.text()).toBe("Not today.");
  });

  test.each(["countTokens", "embedContent", "batchEmbedContents"])(
    "%s has no soft denial",
    (verb) => {
      const asked = { model: "g-1", stream: false, id: "c-1" };
      expect(json(`${model}:${verb}`).softDenial("Not today.", asked)).toBeNull();
    },
  );
});
