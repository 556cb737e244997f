import { expect, test } from "vitest";
import { anthropicStream, geminiStream, openAiStream } from "./testing/answers.ts";
import { events } from "./testing/read-stream.ts";
import { answer, send, type Operation, type Provider } from "./testing/translate.ts";

const body = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };
const streamed = { ...body, stream: true };
const json = { "content-type": "application/json" };

const anthropicError =
  '{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}';
const openAiError = '{"error":{"message":"Slow down.","type":"requests","code":"rate_limit"}}';
const geminiError = '[{"error":{"code":429,"message":"Slow down.","status":"RESOURCE_EXHAUSTED"}}]';

test.each<[Operation, Provider, string]>([
  ["chat.completions", "anthropic", anthropicError],
  ["chat.completions", "gemini", geminiError],
  ["messages", "openai", openAiError],
  ["messages", "gemini", geminiError],
])(
  "an error of the provider reaches a %s client of %s in its dialect",
  async (operation, provider, text) => {
    for (const request of [body, streamed]) {
      const { call } = await send(operation, provider, request);
      const headers = {
        ...json,
        "retry-after": "7",
        "x-should-retry": "false",
        "set-cookie": "no",
      };
      const answered = await answer(call, text, { status: 429, headers });
      expect(answered).toMatchObject({
        status: 429,
        streamed: false,
        headers: {
          "content-type": "application/json",
          "retry-after": "7",
          "x-should-retry": "false",
        },
      });
      expect(answered.headers).not.toHaveProperty("set-cookie");
      const error = { message: "Slow down.", type: "rate_limit_error" };
      expect(JSON.parse(answered.text)).toEqual(
        operation === "messages"
          ? { type: "error", error, request_id: "call-1" }
          : { error: { ...error, param: null, code: null } },
      );
      expect(answered.last).toBe(answered.text);
    }
  },
);

test.each([
  ["a page", "<html>bad gateway</html>", "<html>bad gateway</html>"],
  ["nothing", "", "The provider answered with status 502."],
  ["another form", '{"message":"gone"}', "gone"],
  ["a bare text", '{"error":"gone"}', "gone"],
])("an error that is %s is told as it is", async (_what, text, message) => {
  const { call } = await send("messages", "openai", body);
  const answered = await answer(call, text, { status: 502 });
  expect(JSON.parse(answered.text)).toMatchObject({ error: { type: "api_error", message } });
});

test("a redirection is an error of the provider, never the client's to follow", async () => {
  const { call } = await send("messages", "openai", body);
  const headers = { location: "http://elsewhere.example/" };
  const answered = await answer(call, "", { status: 302, headers });
  expect(answered.status).toBe(502);
  expect(answered.headers).not.toHaveProperty("location");
});

test("of an endless error only the start is read", async () => {
  function* endless() {
    for (;;) yield Buffer.alloc(65_536, "x");
  }
  const { call } = await send("messages", "openai", body);
  const answered = await answer(call, endless(), { status: 500 });
  expect(answered.text.length).toBeLessThan(5_000);
});

const overloaded =
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';

test("an error as the first event of a stream becomes an error of the call", async () => {
  const { call } = await send("chat.completions", "anthropic", streamed);
  const answered = await answer(call, overloaded);
  expect(answered).toMatchObject({ status: 503, streamed: false });
  expect(JSON.parse(answered.text)).toMatchObject({
    error: { message: "Overloaded", type: "server_error" },
  });
});

test.each<[Operation, Provider, string, string]>([
  ["chat.completions", "anthropic", anthropicStream, overloaded],
  [
    "chat.completions",
    "gemini",
    geminiStream,
    'data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}\r\n\r\n',
  ],
  [
    "messages",
    "openai",
    openAiStream,
    'data: {"error":{"message":"Overloaded","type":"server_error"}}\n\n',
  ],
])(
  "an error amid a stream ends a %s client's stream of %s, what came before it stays",
  async (operation, provider, stream, error) => {
    const lineEnd = stream.includes("\r\n") ? "\r\n\r\n" : "\n\n";
    const cut = stream.indexOf(lineEnd, stream.indexOf("😀")) + lineEnd.length;
    const { call } = await send(operation, provider, streamed);
    const answered = await answer(call, stream.slice(0, cut) + error);
    expect(answered.text).toContain("日本");
    expect(answered.text).not.toMatch(/DONE|message_stop/);
    const [told] = events(answered.last);
    expect(told).toMatchObject({ error: { message: "Overloaded" } });
    expect(answered.last.startsWith(operation === "messages" ? "event: error\n" : "data: ")).toBe(
      true,
    );
  },
);

test.each<[Operation, Provider, string]>([
  ["chat.completions", "anthropic", "not JSON"],
  ["chat.completions", "gemini", '{"candidates":"none"}'],
  ["messages", "openai", '{"choices":[]}'],
  ["messages", "openai", ""],
])(
  "an answer to %s of %s that is none (%s) is an error of ours, not a blank one",
  async (operation, provider, text) => {
    const { call } = await send(operation, provider, body);
    await expect(answer(call, text, { headers: json })).rejects.toMatchObject({
      code: "WEIR_ANSWER_UNREADABLE",
    });
  },
);

test("a stream with an event that cannot be read never looks complete", async () => {
  const broken = openAiStream.replace('"content":"日本 "', '"content":');
  const { call } = await send("messages", "openai", streamed);
  await expect(answer(call, broken)).rejects.toMatchObject({ code: "WEIR_ANSWER_UNREADABLE" });
});

test("a model that calls a tool with broken arguments does not pass for one that called it with none", async () => {
  const given = {
    choices: [
      {
        message: { tool_calls: [{ id: "c", function: { name: "f", arguments: '{"a":' } }] },
        finish_reason: "tool_calls",
      },
    ],
  };
  const { call } = await send("messages", "openai", body);
  await expect(answer(call, JSON.stringify(given))).rejects.toMatchObject({
    code: "WEIR_ANSWER_UNREADABLE",
  });
});

test("what reading the provider's answer threw is thrown as it was", async () => {
  async function* failing() {
    yield Buffer.from(anthropicStream.slice(0, 900));
    throw new Error("connection reset");
  }
  const { call } = await send("chat.completions", "anthropic", streamed);
  const { pieces } = await call.answer({ status: 200, headers: {}, body: failing() });
  const read = async () => {
    for await (const piece of pieces) expect(piece.last).toBe(false);
  };
  await expect(read()).rejects.toThrow("connection reset");
});

test.each<[string, boolean, () => Iterable<Buffer>]>([
  [
    "a JSON answer",
    false,
    function* () {
      for (let n = 0; n < 40; n += 1) yield Buffer.alloc(1_048_576, "\n");
    },
  ],
  [
    "a line of a stream",
    true,
    function* () {
      for (let n = 0; n < 10; n += 1) yield Buffer.alloc(1_048_576, "x");
    },
  ],
])("%s beyond its bound is not read on", async (_what, stream, packets) => {
  const { call } = await send("messages", "openai", { ...body, stream });
  await expect(answer(call, packets(), { headers: json })).rejects.toMatchObject({
    code: "WEIR_ANSWER_UNREADABLE",
    message: expect.stringContaining("larger"),
  });
});

test("parts that the client's dialect has no place for are not left out unsaid", async () => {
  const image = { inlineData: { mimeType: "image/png", data: "AAAA" } };
  const given = JSON.stringify({
    candidates: [{ content: { parts: [image] }, finishReason: "STOP" }],
  });
  for (const operation of ["messages", "chat.completions"] as const) {
    const whole = await send(operation, "gemini", body);
    await expect(answer(whole.call, given)).rejects.toMatchObject({
      code: "WEIR_ANSWER_UNREADABLE",
    });
    const stream = await send(operation, "gemini", streamed);
    await expect(answer(stream.call, `data: ${given}\n\n`)).rejects.toMatchObject({
      code: "WEIR_ANSWER_UNREADABLE",
    });
  }
});
