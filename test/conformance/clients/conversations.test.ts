/**
 * Must show 1 of the wire formats: every client that holds conversations, through a whole Weir, gets
 * exactly what it gets from the provider directly, the provider is asked exactly the same, and the
 * rows equal the provider's bill.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConversationClient } from "../../support/conformance/client.ts";
import { asIfDirect, comparable } from "../../support/conformance/comparable.ts";
import { RowBook } from "../../support/conformance/row-book.ts";
import { asksOf, scenarios } from "../../support/conformance/scenarios.ts";
import { everyDialect, Stage } from "../../support/conformance/stage.ts";
import { aiSdk } from "./adapters/ai-sdk.ts";
import { anthropicMessages } from "./adapters/anthropic.ts";
import { googleGenAi } from "./adapters/google-genai.ts";
import { langChain } from "./adapters/langchain.ts";
import { openaiAgents } from "./adapters/openai-agents.ts";
import { openaiChat } from "./adapters/openai-chat.ts";
import { openaiResponses } from "./adapters/openai-responses.ts";

/** A client is added by an adapter here. */
const clients: readonly ConversationClient[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  ...googleGenAi,
  ...aiSdk,
  ...langChain,
  openaiAgents,
];

let stage: Stage;
const book = new RowBook();

beforeAll(async () => {
  stage = await Stage.start(everyDialect);
});

afterAll(async () => {
  await stage.end();
});

describe.each(clients)("$name", (client) => {
  for (const streamed of [false, true]) {
    const how = streamed ? "streamed" : "whole";
    const fitting = scenarios.filter(
      ({ name, only = how }) => only === how && client.cannot?.[`${name}, ${how}`] === undefined,
    );
    test.each(fitting)(`$name, ${how}`, async (scenario) => {
      const { direct, through } = await stage.both(async (connection) =>
        scenario.play(asksOf(client, connection, streamed), client),
      );
      book.add(`${client.name}, ${scenario.name}, ${how}`, through);
      scenario.proves(direct, client);
      expect(comparable(asIfDirect(through, direct), scenario)).toEqual(
        comparable(direct, scenario),
      );
      for (const { headers } of through.answers) {
        expect(headers["x-weir-call-id"]).toMatch(/^[0-9a-f-]{36}$/);
      }
    });
  }
});

test("the rows equal the provider's bill, call by call and to the token", async () => {
  const rows = await stage.rows();
  expect(book.recorded(rows)).toEqual(book.billed());
  expect(rows).toHaveLength(book.answers);
});
