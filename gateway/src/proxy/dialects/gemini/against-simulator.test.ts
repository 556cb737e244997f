import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator/server.ts";
import { openTap } from "../../meter/open-tap.ts";
import type { JsonOperation } from "../dialect.ts";
import { gemini } from "./gemini.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const body = {
  contents: [{ parts: [{ text: "hi" }, { inlineData: { mimeType: "audio/wav" } }] }],
  tools: [{ functionDeclarations: [{ name: "read_level" }] }, { googleSearch: {} }],
};

function operationOf(target: string): JsonOperation {
  const [path = "", query = ""] = target.split("?", 2);
  const head = { method: "POST", path, query: query === "" ? "" : `?${query}`, headers: {} };
  const operation = gemini.match(head);
  if (operation?.kind !== "json") throw new Error(`${target} is not served`);
  return operation;
}

/** Asks the simulator, and meters its answer as the relay does. */
async function metered(target: string, cutEvery: string) {
  const operation = operationOf(target);
  const response = await fetch(simulator.url + target, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "x-simulator-cut-every": cutEvery },
  });
  const contentType = response.headers.get("content-type") ?? "";
  const answer = { status: response.status, contentType, contentEncoding: "" };
  const isStreamAsked = operation.describe(body).stream;
  const { tap } = openTap(operation, answer, {
    stripUsageFrame: false,
    gatewayOrigin: () => "",
    isStreamAsked,
  });
  const came: Buffer[] = [];
  const passed: Buffer[] = [];
  try {
    for await (const packet of response.body ?? []) {
      came.push(Buffer.from(packet));
      passed.push(tap.push(Buffer.from(packet)) ?? Buffer.alloc(0));
    }
  } catch {
    // A stream that dies is metered up to there.
  }
  const facts = tap.facts();
  passed.push(tap.release() ?? Buffer.alloc(0));
  return { facts, came: Buffer.concat(came), passed: Buffer.concat(passed) };
}

describe.each([
  "m",
  "sim-tools",
  "sim-reasoning-cached",
  "sim-search-3",
  "sim-utf8-crlf",
  "sim-long-30-usagelast",
  "sim-multiline-ping",
  "sim-usage-none",
  "sim-long-20-die-7",
  "sim-fail-3",
])("of %s", (model) => {
  test.each([
    "v1beta streamGenerateContent?alt=sse",
    "v1 streamGenerateContent",
    "v1 generateContent",
  ])("%s tells the meter what the provider has told, and passes on every byte", async (asked) => {
    const [version, verb] = asked.split(" ");
    for (const cutEvery of ["7", "1000000"]) {
      const target = `/${version}/models/${model}:${verb}`;
      const { facts, came, passed } = await metered(target, cutEvery);
      const call = simulator.ledger.calls().at(-1);
      expect(passed.equals(came)).toBe(true);
      expect(facts.tokens).toEqual(call?.reported);
      const isWhole = call?.end === "complete";
      expect(facts.ended).toBe(isWhole);
      expect(facts.usageIsFinal).toBe(isWhole && call.reported !== null);
      if (!isWhole) continue;
      expect(facts.toolCallCount).toBe(call.toolCalls);
      expect(facts.serverToolCalls).toEqual(call.serverToolCalls);
    }
  });
});
