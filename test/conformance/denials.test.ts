/**
 * Denials that clients obey: with the official SDKs as they come, retries included, a denied call is
 * one POST, and its user reads what policy said. A limit that passes is a 429 that says when.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../gateway/src/simulator/server.ts";
import { countPosts } from "../support/count-posts.ts";
import {
  chat,
  type Clients,
  clientsOf,
  content,
  deniedCalls,
  message,
  response,
} from "../support/denied-calls.ts";
import { readLedger } from "../support/read-ledger.ts";
import { simulatorProviders } from "../support/simulator-provider.ts";
import { spawnWeir, startWeir, type RunningWeir } from "../support/start-weir.ts";

let dataDir: string;
let simulator: Simulator;
let weir: RunningWeir;
let hard: Clients;
let soft: Clients;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "weir-denials-"));
  simulator = await startSimulator();
  const { providers } = simulatorProviders(simulator.url);
  const google = { name: "sim-gemini", dialect: "gemini", baseUrl: simulator.url };
  const all = Array.isArray(providers) ? [...providers, google] : [];
  weir = await startWeir({
    dataDir,
    config: {
      providers: all.map((provider) => Object.assign({}, provider, { maxConcurrent: 1 })),
      teams: [{ id: "blue", models: ["sim-*"], unmeteredOperations: ["files.*"] }],
      people: [{ id: "ada", team: "blue", roles: ["employee", "admin"] }],
    },
  });
  hard = clientsOf(weir.gateway, weir.key);
  soft = clientsOf(weir.gateway, await createSoftKey());
  await untilKnown(soft);
});

afterAll(async () => {
  await weir.stop();
  await simulator.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function createSoftKey(): Promise<string> {
  const options = ["--person", "ada", "--name", "claw", "--denial-style", "soft"];
  const child = spawnWeir(["key", "create", ...options, "--data-dir", dataDir]);
  if (child.stdout === null) throw new Error("standard output is not a pipe");
  return (await text(child.stdout)).trim();
}

/** The gateway learns of a new key within a moment. */
async function untilKnown({ openai }: Clients): Promise<void> {
  for (let count = 0; count < 200; count += 1) {
    try {
      await openai.models.list();
      return;
    } catch (error) {
      if (!(error instanceof OpenAI.AuthenticationError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("the gateway never learned of the new key");
}

const failureOf = (call: Promise<unknown>): Promise<Error & { status?: number }> =>
  call.then(
    () => {
      throw new Error("the call was not refused");
    },
    (error: Error) => error,
  );

test.each(deniedCalls)(
  "%s: a denied call is one POST, and shows what policy says",
  async (_name, status, ask) => {
    const { result: error, posts } = await countPosts(() => failureOf(ask(hard)));
    expect(error.status).toBe(status);
    expect(error.message).toMatch(
      /Team blue may not use model (gpt|claude|gemini)-\d\. Use one of: sim-\*; .* \[WEIR_POLICY_DENIED, decision [0-9a-f-]{36}\]/,
    );
    expect(posts).toHaveLength(1);
  },
);

test("an operation that cannot be metered is denied with the setting that would allow it", async () => {
  const batch = {
    input_file_id: "f",
    endpoint: "/v1/responses",
    completion_window: "24h",
  } as const;
  const work = () => failureOf(hard.openai.batches.create(batch));
  const { result: error, posts } = await countPosts(work);
  expect(error).toMatchObject({ status: 403 });
  expect(error.message).toContain("batches.create");
  expect(error.message).toContain("unmeteredOperations in weir.yaml");
  expect(posts).toHaveLength(1);
  expect((await hard.openai.files.list()).data).toEqual([]);
});

describe("soft denials: status 200 and the model's own words, in one POST", () => {
  const words = /^Team blue may not use model .* \[WEIR_POLICY_DENIED, decision [0-9a-f-]{36}\]$/;
  const told: [name: string, tell: (clients: Clients) => Promise<unknown>][] = [
    [
      "chat",
      async ({ openai }) => {
        const { choices, usage } = await openai.chat.completions.create(chat);
        expect(choices).toMatchObject([{ finish_reason: "stop", message: { role: "assistant" } }]);
        expect(usage?.total_tokens).toBe(0);
        return choices[0]?.message.content;
      },
    ],
    ["chat, streamed", ({ openai }) => openai.chat.completions.stream(chat).finalContent()],
    ["Responses", async ({ openai }) => (await openai.responses.create(response)).output_text],
    [
      "Responses, streamed",
      async ({ openai }) => (await openai.responses.stream(response).finalResponse()).output_text,
    ],
    [
      "Messages",
      async ({ anthropic }) => {
        const { content: blocks, stop_reason: reason } = await anthropic.messages.create(message);
        expect(reason).toBe("end_turn");
        return blocks[0]?.type === "text" ? blocks[0].text : null;
      },
    ],
    ["Messages, streamed", ({ anthropic }) => anthropic.messages.stream(message).finalText()],
    ["generateContent", async ({ google }) => (await google.models.generateContent(content)).text],
    [
      "streamGenerateContent",
      async ({ google }) => {
        const chunks = await Array.fromAsync(await google.models.generateContentStream(content));
        return chunks.map((chunk) => chunk.text ?? "").join("");
      },
    ],
  ];

  test.each(told)("%s", async (_name, tell) => {
    const { result, posts } = await countPosts(() => tell(soft));
    expect(result).toMatch(words);
    expect(posts).toHaveLength(1);
  });

  test("where there is no such thing as an answer in words, it is an error all the same", async () => {
    const embedding = { model: "gpt-5", input: "x" };
    const error = await failureOf(soft.openai.embeddings.create(embedding));
    expect(error).toMatchObject({ status: 403 });
  });

  test("what is allowed is answered as ever, and a bad request stays an error", async () => {
    const allowed = { ...chat, model: "sim-echo" };
    const { choices } = await soft.openai.chat.completions.create(allowed);
    expect(choices[0]?.message.content).toContain("simulator");
    const bad = await failureOf(soft.openai.chat.completions.create({ ...allowed, model: "" }));
    expect(bad).toMatchObject({ status: 400 });
  });
});

describe("a provider that is full", () => {
  const path = { openai: "/v1/chat/completions", anthropic: "/v1/messages" };

  /** Fills the one place there is, until `leave` is called. */
  async function fill(dialect: keyof typeof path): Promise<() => void> {
    const aborter = new AbortController();
    fetch(`${weir.gateway}${path[dialect]}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${weir.key}` },
      body: JSON.stringify({ ...message, model: "sim-ttfb-600000" }),
      signal: aborter.signal,
    }).catch(() => undefined);
    await untilUnderWay();
    return () => aborter.abort();
  }

  async function untilUnderWay(): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
      const metrics = await (await fetch(`${weir.metrics}/metrics`)).text();
      if (/^weir_upstream_inflight\{.*\} [1-9]\d*$/m.test(metrics)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("the call never reached its provider");
  }

  test("openai: 429 with Retry-After and the RateLimit headers, and served when it waits as told", async () => {
    const leave = await fill("openai");
    const allowed = { ...chat, model: "sim-echo" };
    const refused = await failureOf(
      hard.openai.chat.completions.create(allowed, { maxRetries: 0 }),
    );
    expect(refused).toBeInstanceOf(OpenAI.RateLimitError);
    if (!(refused instanceof OpenAI.RateLimitError)) return;
    expect(refused.message).toContain("WEIR_PROVIDER_BUSY");
    expect(Object.fromEntries(refused.headers ?? [])).toMatchObject({
      "retry-after": "1",
      "ratelimit-policy": '"provider-sim-openai";q=1',
      ratelimit: '"provider-sim-openai";r=0;t=1',
    });
    expect(refused.headers?.get("x-should-retry")).toBeNull();
    const { posts } = await countPosts(async () => {
      const patient = hard.openai.chat.completions.create(allowed);
      leave();
      return patient;
    });
    expect(posts.length).toBeLessThanOrEqual(2);
  });

  test("anthropic: the same in its own shape", async () => {
    const leave = await fill("anthropic");
    const allowed = { ...message, model: "sim-echo" };
    const refused = await failureOf(hard.anthropic.messages.create(allowed, { maxRetries: 0 }));
    leave();
    expect(refused).toBeInstanceOf(Anthropic.RateLimitError);
    if (!(refused instanceof Anthropic.RateLimitError)) return;
    expect(refused.message).toContain("rate_limit_error");
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("ratelimit")).toBe('"provider-sim-anthropic";r=0;t=1');
  });
});

test("every denial is one row that asked no provider and cost nothing, soft ones among them", async () => {
  await weir.stop();
  const { calls } = await readLedger(dataDir);
  const denied = calls.filter((row) => row["outcome"] === "denied");
  expect(denied).toHaveLength(deniedCalls.length + 1 + 8 + 1);
  for (const row of denied) {
    expect(row).toMatchObject({
      effect: "deny",
      error_code: "WEIR_POLICY_DENIED",
      attempts: 0,
      upstream_status: 0,
      cost_status: "not_billed",
      input_uncached: null,
    });
  }
  expect(denied.filter((row) => row["status"] === 200)).toHaveLength(8);
});
