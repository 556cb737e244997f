import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../dialects/json-body.ts";
import { png } from "./testing/samples.ts";
import { send } from "./testing/translate.ts";

/** A conversation in no dialect: each turn says things, calls tools, and gets results. */
interface Turn {
  asked: { text: string; image: boolean }[];
  said: string;
  calls: { name: string; input: Record<string, JsonValue>; result: string }[];
}

// Neither side takes empty texts, and an answer's own name must not end the conversation.
const text = fc.string({ unit: "grapheme", minLength: 1 }).map((value) => `.${value}.`);
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const input = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.oneof(text, fc.boolean(), fc.integer(), fc.constant(null), fc.array(text, { maxLength: 2 })),
  { maxKeys: 3 },
);
const turn: fc.Arbitrary<Turn> = fc.record({
  asked: fc.array(fc.record({ text, image: fc.boolean() }), { minLength: 1, maxLength: 3 }),
  said: text,
  calls: fc.array(fc.record({ name, input, result: text }), { maxLength: 3 }),
});
const conversation = fc.record({
  system: text,
  turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
  last: text,
});
type Conversation = { system: string; turns: Turn[]; last: string };

const id = (turnAt: number, at: number) => `call_${turnAt}_${at}`;

function asChat({ system, turns, last }: Conversation): JsonObject {
  const messages = turns.flatMap(({ asked, said, calls }, turnAt): JsonObject[] => [
    {
      role: "user",
      content: asked.flatMap((part): JsonObject[] => [
        { type: "text", text: part.text },
        ...(part.image
          ? [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }]
          : []),
      ]),
    },
    {
      role: "assistant",
      content: said,
      ...(calls.length === 0
        ? {}
        : {
            tool_calls: calls.map((call, at) => ({
              id: id(turnAt, at),
              type: "function",
              function: { name: call.name, arguments: JSON.stringify(call.input) },
            })),
          }),
    },
    ...calls.map((call, at) => ({
      role: "tool",
      tool_call_id: id(turnAt, at),
      content: call.result,
    })),
  ]);
  return {
    model: "m",
    max_tokens: 10,
    messages: [{ role: "system", content: system }, ...messages, { role: "user", content: last }],
  };
}

function asMessages({ system, turns, last }: Conversation): JsonObject {
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: png } };
  const messages: JsonObject[] = [];
  let results: JsonObject[] = [];
  for (const [turnAt, { asked, said: answered, calls }] of turns.entries()) {
    const parts = asked.flatMap((part): JsonObject[] => {
      const said = { type: "text", text: part.text };
      return part.image ? [said, image] : [said];
    });
    const uses = calls.map((call, at) => ({
      type: "tool_use",
      id: id(turnAt, at),
      name: call.name,
      input: call.input,
    }));
    messages.push(
      { role: "user", content: [...results, ...parts] },
      { role: "assistant", content: [{ type: "text", text: answered }, ...uses] },
    );
    results = calls.map((call, at) => ({
      type: "tool_result",
      tool_use_id: id(turnAt, at),
      content: call.result,
    }));
  }
  messages.push({ role: "user", content: [...results, { type: "text", text: last }] });
  return { model: "m", max_tokens: 10, system, messages };
}

/** What the model will read, in order: texts, images, calls and results, whatever the dialect. */
function read(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(read);
  if (!isJsonObject(value)) return [];
  const { type, functionCall, functionResponse, tool_calls: calls, role } = value;
  if (role === "tool")
    return [`result ${JSON.stringify(value["tool_call_id"])} ${JSON.stringify(value["content"])}`];
  if (isJsonObject(functionCall))
    return [
      `call ${JSON.stringify([functionCall["id"], functionCall["name"], functionCall["args"]])}`,
    ];
  if (isJsonObject(functionResponse)) {
    const { response } = functionResponse;
    const content = isJsonObject(response) ? response["content"] : undefined;
    return [`result ${JSON.stringify(functionResponse["id"])} ${JSON.stringify(content)}`];
  }
  if (type === "tool_use")
    return [`call ${JSON.stringify([value["id"], value["name"], value["input"]])}`];
  if (type === "tool_result")
    return [`result ${JSON.stringify(value["tool_use_id"])} ${JSON.stringify(value["content"])}`];
  if (type === "image" || type === "image_url" || "inlineData" in value) {
    expect(JSON.stringify(value)).toContain(png);
    return ["image"];
  }
  if (type === "function" && isJsonObject(value["function"])) {
    const { name: called, arguments: given } = value["function"];
    return [
      `call ${JSON.stringify([value["id"], called, JSON.parse(typeof given === "string" ? given : "null")])}`,
    ];
  }
  if (typeof value["text"] === "string") return [`text ${value["text"]}`];
  const content = value["content"] ?? value["parts"];
  const said = typeof content === "string" ? [`text ${content}`] : read(content);
  return [...said, ...read(calls)];
}

function wanted({ system, turns, last }: Conversation): string[] {
  const turnsRead = turns.flatMap(({ asked, said, calls }, turnAt) => [
    ...asked.flatMap((part) => [`text ${part.text}`, ...(part.image ? ["image"] : [])]),
    `text ${said}`,
    ...calls.map((call, at) => `call ${JSON.stringify([id(turnAt, at), call.name, call.input])}`),
    ...calls.map(
      (call, at) => `result ${JSON.stringify(id(turnAt, at))} ${JSON.stringify(call.result)}`,
    ),
  ]);
  return [`text ${system}`, ...turnsRead, `text ${last}`];
}

test.each([
  ["chat.completions", "anthropic", asChat],
  ["chat.completions", "gemini", asChat],
  ["messages", "openai", asMessages],
  ["messages", "gemini", asMessages],
] as const)(
  "any conversation of %s keeps every text, image, call, argument and result in order at %s",
  async (operation, provider, spell) => {
    await fc.assert(
      fc.asyncProperty(conversation, fc.boolean(), async (given, stream) => {
        const { body } = await send(operation, provider, { ...spell(given), stream });
        const system = body["system"] ?? body["systemInstruction"];
        expect([...read(system), ...read(body["messages"] ?? body["contents"])]).toEqual(
          wanted(given),
        );
      }),
      { numRuns: 60 },
    );
  },
);

test("no request of any form fails otherwise than by a refusal", async () => {
  const member = fc.constantFrom(
    "model",
    "messages",
    "content",
    "role",
    "type",
    "text",
    "tools",
    "function",
    "name",
    "system",
    "tool_calls",
    "arguments",
    "tool_choice",
    "image_url",
    "url",
    "source",
    "data",
    "thinking",
    "response_format",
    "json_schema",
    "schema",
    "stop",
    "max_tokens",
    "tool_call_id",
    "input",
  );
  const leaf = fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    -1,
    1e300,
    "",
    "user",
    "assistant",
    "tool",
    "system",
    "text",
    "image_url",
    "function",
    "tool_use",
    "tool_result",
    "data:image/png;base64,AAAA",
    "https://a.example/a.png",
    "__proto__",
  );
  const { value } = fc.letrec<{ value: JsonValue; list: JsonValue[]; object: JsonObject }>(
    (tie) => ({
      value: fc.oneof({ depthSize: "small" }, leaf, tie("list"), tie("object")),
      list: fc.array(tie("value"), { maxLength: 3 }),
      object: fc.dictionary(member, tie("value"), { maxKeys: 5 }),
    }),
  );
  const body = fc.dictionary(member, value, { maxKeys: 6 });
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async (given, stream) => {
      for (const [operation, provider] of [
        ["chat.completions", "anthropic"],
        ["chat.completions", "gemini"],
        ["messages", "openai"],
        ["messages", "gemini"],
      ] as const) {
        const request = {
          messages: [{ role: "user", content: "hi" }],
          ...given,
          model: "m",
          stream,
        };
        await send(operation, provider, request).catch((thrown: unknown) => {
          expect(["WEIR_NOT_TRANSLATABLE", "WEIR_FIELD_INVALID"]).toContain(
            Reflect.get(Object(thrown), "code"),
          );
        });
      }
    }),
    { numRuns: 100 },
  );
});
