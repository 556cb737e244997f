/** Must show 4: no spelling of a path, no alias and no passthrough is a way round policy. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRaw, statusOf } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { type AttackedWeir, outcomes, startAttacked } from "./support/attacked-weir.ts";

let attacked: AttackedWeir;
/** Calls that have to have a row, by outcome. */
const expected: Record<string, number> = {};
beforeAll(async () => {
  const target = (model: string) => ({ provider: "up-openai", model });
  attacked = await startAttacked({
    teams: [{ id: "blue", models: ["sim-*", "fast", "nice-*"] }],
    aliases: [
      { name: "fast", targets: [target("forbidden-1")] },
      { name: "sim-alias", targets: [target("forbidden-1"), target("forbidden-2")] },
      { name: "nice-alias", targets: [{ provider: "up-anthropic", model: "forbidden-3" }] },
    ],
  });
});
afterAll(() => attacked.remove());

async function send(method: string, target: string, body = "", lines = "") {
  using client = await openRaw(attacked.weir.gateway);
  const key = `Authorization: Bearer ${attacked.weir.key}\r\n`;
  client.send(
    `${method} ${target} HTTP/1.1\r\nHost: a\r\n${key}${lines}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [answer] = await client.answers(1);
  return answer === undefined ? 0 : statusOf(answer);
}

const chat = (model: string) =>
  `{"model":${JSON.stringify(model)},"messages":[],"input":"x","prompt":"x","max_tokens":5}`;

describe("another spelling of a path", () => {
  const spellings = [
    "/v1//chat/completions",
    "//v1/chat/completions",
    "/v1/chat/completions/",
    "/v1/chat/completions/.",
    "/v1/chat/./completions",
    "/v1/x/../chat/completions",
    "/v1/chat%2fcompletions",
    "/v1/chat%2Fcompletions",
    "/v1/%63hat/completions",
    "/v1/chat/completions%00",
    "/v1/chat/completions%20",
    "/v1/chat/completions;a=b",
    "/v1;a/chat/completions",
    "/v1/chat\\completions",
    "/V1/chat/completions",
    "/v1/Chat/Completions",
    "/v1/v1/chat/completions",
    "/v2/chat/completions",
    "/openai/v1/chat/completions",
    "/v1/messages/../chat/completions",
    "/v1/messages/",
    "/v1/messages;a=b",
    "/v1/messages%2fcount_tokens",
    "/v1/messages/batches/../",
    "/v1/responses/../chat/completions",
    "/v1/responses//cancel",
    "/v1/responses/resp_1/cancel/",
    "/v1/responses/%2e%2e/cancel",
    "/v1/files/../models",
    "/v1/files/..%2fmodels",
    "/v1/files/a%2fb/content",
    "/v1/batches/./x",
    "/v1beta/models/../models/sim-echo:generateContent",
    "/v1beta/models/sim-echo%2f..%2fforbidden:generateContent",
    "/v1beta/models/sim-echo:generateContent:countTokens",
    "/v1beta/models/sim-echo:GenerateContent",
    "/v1beta/models/sim-echo%3agenerateContent",
    "/v1beta/models/sim-echo/:generateContent",
    "/v1beta//models/sim-echo:generateContent",
    "/v1alpha/models/sim-echo:generateContent",
    "/providers/up-openai",
    "/providers/up-openai/../up-anthropic/v1/messages",
    "/providers/up-openai/%2e%2e/x",
    "/providers/up-openai/a%2f..%2fb",
    "/providers//up-openai/x",
    "/providers/UP-OPENAI/x",
    "/Providers/up-openai/x",
    "/providers/up-openai//x",
    "/providers/up-openai/\\x",
    "/internal/snapshot",
    "/metrics",
    "/api/v1/keys",
  ];

  test.each(spellings)("goes nowhere: %s", async (target) => {
    for (const method of ["POST", "PUT", "PATCH"]) {
      expect(await send(method, target, chat("sim-echo"))).toBe(404);
    }
    expect(attacked.upstream.requests).toEqual([]);
  });
});

describe("a model that is not allowed", () => {
  const denied: [name: string, path: string, body: string][] = [
    ["by its name", "/v1/chat/completions", chat("forbidden-1")],
    ["by an alias whose name is allowed", "/v1/chat/completions", chat("fast")],
    ["by an alias that is called as allowed models are", "/v1/chat/completions", chat("sim-alias")],
    ["by an alias in another dialect", "/v1/messages", chat("nice-alias")],
    ["by an alias that a translation would reach", "/v1/messages", chat("fast")],
    ["in responses", "/v1/responses", chat("sim-alias")],
    ["in completions", "/v1/completions", chat("fast")],
    ["in embeddings", "/v1/embeddings", chat("fast")],
    ["in count_tokens", "/v1/messages/count_tokens", chat("forbidden-1")],
    ["in a path", "/v1beta/models/forbidden-1:generateContent", '{"contents":[]}'],
    ["in a path, encoded", "/v1beta/models/%66orbidden-1:generateContent", '{"contents":[]}'],
    ["as a tuned one", "/v1beta/tunedModels/sim-echo:generateContent", '{"contents":[]}'],
    ["with a blank behind it", "/v1/chat/completions", chat("forbidden-1 ")],
    ["with NUL behind an allowed one", "/v1/chat/completions", chat("forbidden\u0000sim-echo")],
    ["by passthrough", "/providers/up-openai/chat/completions", chat("sim-echo")],
    [
      "by passthrough, behind two names",
      "/providers/up-openai/providers/up-openai/x",
      chat("sim-echo"),
    ],
    ["in a batch", "/v1/batches", "{}"],
    ["in a batch of messages", "/v1/messages/batches", "{}"],
    ["in a file", "/v1/files", "{}"],
    ["in a conversation", "/v1/conversations", "{}"],
  ];

  test.each(denied)("is denied %s", async (_how, path, body) => {
    expect([400, 402, 403]).toContain(await send("POST", path, body));
    expect(attacked.upstream.requests).toEqual([]);
    expected["denied"] = (expected["denied"] ?? 0) + 1;
  });

  const ambiguous: [name: string, body: string][] = [
    ["twice", '{"model":"sim-echo","messages":[],"model":"forbidden-1"}'],
    [
      "twice, once with an escape",
      '{"model":"sim-echo","messages":[],"mod\\u0065l":"forbidden-1"}',
    ],
    ["in capitals", '{"model":"sim-echo","messages":[],"MODEL":"forbidden-1"}'],
    ["behind a byte order mark", '\xef\xbb\xbf{"model":"sim-echo","messages":[]}'],
  ];
  test.each(ambiguous)("is refused beside one that is: %s", async (_how, body) => {
    for (const path of ["/v1/chat/completions", "/v1/messages", "/v1/responses"]) {
      expect(await send("POST", path, body)).toBe(400);
      expected["invalid_request"] = (expected["invalid_request"] ?? 0) + 1;
    }
    expect(attacked.upstream.requests).toEqual([]);
  });

  test("is refused in UTF-7 or as a form, where the provider might read it", async () => {
    const seven = '{"model":"sim-echo","messages":[],"a":"+ACI,+ACI-model+ACI:+ACI-forbidden-1"}';
    const asForm = '{"model":"sim-echo","a":"&model=forbidden-1&"}';
    for (const [type, body] of [
      ["application/json; charset=utf-7", seven],
      ["application/x-www-form-urlencoded", asForm],
      ["multipart/form-data; boundary=x", asForm],
    ]) {
      expect(await send("POST", "/v1/chat/completions", body, `Content-Type: ${type}\r\n`)).toBe(
        415,
      );
      expected["invalid_request"] = (expected["invalid_request"] ?? 0) + 1;
    }
    expect(attacked.upstream.requests).toEqual([]);
  });
});

test("each call that had one has its row, and every denial a decision", async () => {
  await attacked.expectServing();
  const { calls, decisions } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ ...expected, completed: 1 });
  const deniedIds = calls
    .filter(({ outcome }) => outcome === "denied")
    .map((row) => row["decision_id"]);
  const decided = new Map(decisions.map(({ id, effect }) => [id, effect]));
  expect(deniedIds.map((id) => decided.get(id))).toEqual(deniedIds.map(() => "deny"));
}, 60_000);
