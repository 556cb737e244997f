/**
 * Clients whose model is served by a provider of another dialect: every scenario comes out as the
 * client expects it, the provider's bill is in the rows to the token, and what cannot be carried
 * over is an error that says so.
 */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConversationClient } from "../../support/conformance/client.ts";
import type { Connection } from "../../support/conformance/connection.ts";
import { RowBook } from "../../support/conformance/row-book.ts";
import { asksOf, modelsAsked, scenarios } from "../../support/conformance/scenarios.ts";
import { everyDialect, Stage } from "../../support/conformance/stage.ts";
import { aiSdk } from "./adapters/ai-sdk.ts";
import { anthropicMessages } from "./adapters/anthropic.ts";
import { langChain } from "./adapters/langchain.ts";
import { openaiChat } from "./adapters/openai-chat.ts";

const all: readonly ConversationClient[] = [openaiChat, anthropicMessages, ...aiSdk, ...langChain];
const named = (names: readonly string[]) => all.filter(({ name }) => names.includes(name));
const chatClients = named([openaiChat.name, "ai: openai-compatible", "langchain: ChatOpenAI"]);
const messagesClients = named([
  anthropicMessages.name,
  "ai: anthropic",
  "langchain: ChatAnthropic",
]);
const pairs = [
  ...chatClients.flatMap((client) => [
    { client, provider: "sim-anthropic" },
    { client, provider: "sim-gemini" },
  ]),
  ...messagesClients.flatMap((client) => [
    { client, provider: "sim-openai" },
    { client, provider: "sim-gemini" },
  ]),
];

/** Told at the end of a stream, where this package looks for output alone. */
const cachedUnread = ["usage with cached and reasoning tokens, streamed"];
/** Scenarios that a pair cannot play, for a reason that lies in neither Weir nor the provider. */
const beyond: Readonly<Record<string, readonly string[]>> = {
  // It insists on a single call of a tool of its own, to which Gemini cannot be held: see below.
  "ai: anthropic at sim-gemini": ["structured output, whole", "structured output, streamed"],
  "langchain: ChatAnthropic at sim-openai": cachedUnread,
  "langchain: ChatAnthropic at sim-gemini": cachedUnread,
};

/** The alias that leads to a model at a provider. */
const aliasOf = (provider: string, model: string) => `${provider}.${model}`;

let stage: Stage;
const book = new RowBook();

beforeAll(async () => {
  stage = await Stage.start((url) => ({
    ...everyDialect(url),
    aliases: ["sim-openai", "sim-anthropic", "sim-gemini"].flatMap((provider) =>
      modelsAsked.map((model) => ({
        name: aliasOf(provider, model),
        targets: [{ provider, model }],
      })),
    ),
  }));
});

afterAll(async () => {
  await stage.end();
});

describe.each(pairs)("$client.name at $provider", ({ client, provider }) => {
  const cannot = new Set([
    ...Object.keys(client.cannot ?? {}),
    ...(beyond[`${client.name} at ${provider}`] ?? []),
  ]);
  for (const streamed of [false, true]) {
    const how = streamed ? "streamed" : "whole";
    const fitting = scenarios.filter(
      ({ name, only = how }) => only === how && !cannot.has(`${name}, ${how}`),
    );
    test.each(fitting)(`$name, ${how}`, async (scenario) => {
      const played = await stage.observe(async (connection) => {
        const ask = asksOf(client, connection, streamed);
        const asAlias: typeof ask = (turn) =>
          ask({ ...turn, model: aliasOf(provider, turn.model) });
        return scenario.play(asAlias, { ...client, name: `${client.name} at ${provider}` });
      });
      book.add(`${client.name} at ${provider}, ${scenario.name}, ${how}`, played);
      expect(new Set(played.bills.map(({ dialect }) => dialect)).size).toBe(1);
      scenario.proves(played, client);
    });
  }
});

describe("what cannot be carried over is refused with the reason, and no provider is asked", () => {
  const messages = [{ role: "user" as const, content: "hello" }];
  const openaiAt = ({ origin, key }: Connection) =>
    new OpenAI({ baseURL: `${origin}/v1`, apiKey: key });
  const anthropicAt = ({ origin, key }: Connection) =>
    new Anthropic({ baseURL: origin, apiKey: key });
  const thinking = { type: "thinking" as const, thinking: "so", signature: "c2lnbmVk" };
  const tools = [{ name: "weather", input_schema: { type: "object" as const } }];

  test.each<[what: string, ask: (connection: Connection) => Promise<unknown>, told: RegExp]>([
    [
      "log probabilities of Anthropic's",
      (connection) =>
        openaiAt(connection).chat.completions.create({
          model: aliasOf("sim-anthropic", "sim-echo"),
          messages,
          logprobs: true,
        }),
      /^400 'logprobs' cannot be carried over .* leave it out\. \[WEIR_NOT_TRANSLATABLE/,
    ],
    [
      "thoughts of Anthropic's to an OpenAI-compatible provider",
      (connection) =>
        anthropicAt(connection).messages.create({
          model: aliasOf("sim-openai", "sim-echo"),
          max_tokens: 100,
          messages: [...messages, { role: "assistant", content: [thinking] }, ...messages],
        }),
      /^400 .*'messages\[1\]\.content\[0\]\.type' cannot be carried over .*WEIR_NOT_TRANSLATABLE/,
    ],
    [
      "one call at a time of Gemini",
      (connection) =>
        anthropicAt(connection).messages.create({
          model: aliasOf("sim-gemini", "sim-tools"),
          max_tokens: 100,
          messages,
          tools,
          tool_choice: { type: "tool", name: "weather", disable_parallel_tool_use: true },
        }),
      /^400 .*'tool_choice\.disable_parallel_tool_use' cannot be carried over .*WEIR_NOT_TRANSLATABLE/,
    ],
    [
      "Responses to Anthropic",
      (connection) =>
        openaiAt(connection).responses.create({
          model: aliasOf("sim-anthropic", "sim-echo"),
          input: "hello",
        }),
      /^404 No configured provider serves this model in this dialect\..*WEIR_NO_PROVIDER/,
    ],
  ])("%s", async (_what, ask, told) => {
    const { failed, shown, received } = await stage.observe(ask);
    expect(failed).toBe(true);
    expect(shown).toMatchObject({ message: expect.stringMatching(told) });
    expect(received).toEqual([]);
  });
});

test("the rows equal the provider's bill, call by call and to the token", async () => {
  const rows = await stage.rows();
  expect(book.recorded(rows)).toEqual(book.billed());
});
