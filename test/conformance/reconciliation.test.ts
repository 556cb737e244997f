/**
 * Must show 3 of the wire formats: ten thousand mixed calls through a whole Weir, with aborts,
 * retries, fallbacks and errors of the provider, and its rows held against what two simulators
 * billed: equal to the token for every answer that was complete, flagged for all others.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BilledCall } from "../../gateway/src/simulator/ledger.ts";
import { startSimulator, type Simulator } from "../../gateway/src/simulator/server.ts";
import { mixedCalls, type MixedCall } from "../support/mixed-calls.ts";
import { readLedger, tokensOf, type LedgerRow } from "../support/read-ledger.ts";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

const CALLS = 10_000;
const CONCURRENCY = 32;
const price = { input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25, cacheWrite1h: 2 };

let dataDir: string;
let first: Simulator;
let second: Simulator;
let weir: RunningWeir;
let rows: readonly LedgerRow[] = [];
let sent: readonly MixedCall[] = [];

function providersOf(name: string, url: string) {
  const common = { models: [name === "first" ? "*" : "only-by-alias"], prices: { "*": price } };
  return [
    { ...common, name: `${name}-openai`, dialect: "openai", baseUrl: `${url}/v1` },
    { ...common, name: `${name}-anthropic`, dialect: "anthropic", baseUrl: url },
    { ...common, name: `${name}-gemini`, dialect: "gemini", baseUrl: url },
  ];
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "weir-reconcile-"));
  first = await startSimulator({ ledgerCapacity: 100_000 });
  second = await startSimulator({ ledgerCapacity: 100_000 });
  weir = await startWeir({
    dataDir,
    config: {
      providers: [...providersOf("first", first.url), ...providersOf("second", second.url)],
      routing: { retries: 2, backoffMs: 1, breakerFailures: 1_000_000 },
      aliases: ["openai", "anthropic", "gemini"].map((dialect) => ({
        name: `fallback-${dialect}`,
        targets: [
          { provider: `first-${dialect}`, model: "sim-error-503-retryafter-60" },
          { provider: `second-${dialect}`, model: "sim-cached-reasoning" },
        ],
      })),
    },
  });
  sent = mixedCalls(CALLS, 20261123);
  const agent = new Agent({ connections: CONCURRENCY * 2 });
  const queue = sent.values();
  const worker = async () => {
    for (const call of queue) await send(agent, call);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  await agent.destroy();
  await weir.stop();
  rows = (await readLedger(dataDir)).calls;
}, 600_000);

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await rm(dataDir, { recursive: true, force: true });
});

/** Reads an answer, or leaves after as many bytes as the call says. */
async function send(agent: Agent, call: MixedCall): Promise<void> {
  const abort = new AbortController();
  try {
    const response = await request(`${weir.gateway}${call.path}`, {
      dispatcher: agent,
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${weir.key}` },
      body: JSON.stringify(call.body),
      signal: abort.signal,
    });
    let bytes = 0;
    for await (const chunk of response.body) {
      const part: Buffer = chunk;
      bytes += part.length;
      if (call.abortAfterBytes !== null && bytes >= call.abortAfterBytes) abort.abort();
    }
  } catch {
    // Broken answers and our own aborts are part of the mix; what became of them is in the rows.
  }
}

function entries(): BilledCall[] {
  return [...first.ledger.calls(), ...second.ledger.calls()];
}

const rowsById = () => {
  const byId = new Map<unknown, LedgerRow[]>();
  for (const row of rows) {
    const id = row["upstream_request_id"];
    if (id !== "") byId.set(id, [...(byId.get(id) ?? []), row]);
  }
  return byId;
};

test("every call left exactly one row, and every attempt is in one", () => {
  expect(rows).toHaveLength(sent.length);
  const attempts = rows.reduce((sum, row) => sum + Number(row["attempts"]), 0);
  const asked = first.ledger.totals().calls + second.ledger.totals().calls;
  // A client that leaves at once may be gone before its request was written to the provider.
  const early = rows.filter(
    (row) => row["outcome"] === "client_abort" && row["upstream_status"] === 0,
  ).length;
  expect(attempts - asked).toBeGreaterThanOrEqual(0);
  expect(attempts - asked).toBeLessThanOrEqual(early);
});

test("what the simulators billed for complete answers is in the rows, to the token and the micro-dollar", () => {
  const byId = rowsById();
  const billedByModel = new Map<string, Record<string, number>>();
  const countedByModel = new Map<string, Record<string, number>>();
  let complete = 0;
  for (const entry of entries()) {
    if (entry.end !== "complete" || entry.billed === null) continue;
    const [row, ...others] = byId.get(entry.id) ?? [];
    expect(others, entry.id).toEqual([]);
    if (row === undefined || row["stream_end"] !== "complete") continue;
    if (entry.reported === null) {
      expect(row, entry.id).toMatchObject({ usage_source: "missing", cost_micro_usd: null });
      continue;
    }
    complete += 1;
    expect(row["usage_source"], entry.id).toBe("provider_final");
    expect(row["flags"], entry.id).toEqual([]);
    expect(tokensOf(row), entry.id).toEqual(entry.billed);
    const cost = Number(row["cost_micro_usd"]);
    expect(Math.abs(cost - microUsd(entry.billed)), entry.id).toBeLessThanOrEqual(0.5);
    add(billedByModel, `${entry.dialect} ${entry.model}`, entry.billed);
    add(
      countedByModel,
      `${String(row["dialect"])} ${String(row["model_resolved"])}`,
      tokensOf(row),
    );
  }
  expect(complete).toBeGreaterThan(CALLS / 2);
  expect(Object.fromEntries(countedByModel)).toEqual(Object.fromEntries(billedByModel));
});

test("an answer that broke off is never booked as the provider's last word, and says how it ended", () => {
  const byId = rowsById();
  const tally = new Map<string, number>();
  for (const entry of entries()) {
    const [row] = byId.get(entry.id) ?? [];
    if (row === undefined || (entry.end === "complete" && row["stream_end"] === "complete"))
      continue;
    const kind = `simulator ${entry.end}: ${String(row["outcome"])}, usage ${String(row["usage_source"])}`;
    tally.set(kind, (tally.get(kind) ?? 0) + 1);
    if (entry.end === "complete") continue;
    expect(row["usage_source"], kind).not.toBe("provider_final");
    expect(row["outcome"], kind).not.toBe("completed");
    expect(row["stream_end"], kind).not.toBe("complete");
  }
  process.stdout.write(`${report(tally)}\n`);
});

test("retries and fallbacks stand in the row of their call, unbilled", () => {
  const retried = rows.filter((row) => Number(row["attempts"]) > 1);
  expect(retried.length).toBeGreaterThan(CALLS / 20);
  for (const row of retried) {
    const failures = Array.from({ length: Number(row["attempts"]) - 1 });
    expect(row["failed_attempts.status"]).toEqual(failures.map(() => expect.toBeOneOf([500, 503])));
    expect(row["failed_attempts.cost_status"]).toEqual(failures.map(() => "not_billed"));
  }
  const moved = rows.filter((row) => String(row["model_requested"]).startsWith("fallback-"));
  expect(moved.length).toBeGreaterThan(100);
  for (const row of moved.filter((one) => one["outcome"] === "completed")) {
    expect(String(row["provider"])).toMatch(/^second-/);
    expect(row["model_resolved"]).toBe("sim-cached-reasoning");
  }
});

type Tokens = Readonly<Record<string, unknown>>;

function add(sums: Map<string, Record<string, number>>, key: string, tokens: Tokens): void {
  const sum = sums.get(key) ?? {};
  for (const [name, count] of Object.entries(tokens)) sum[name] = (sum[name] ?? 0) + Number(count);
  sums.set(key, sum);
}

function microUsd(tokens: Tokens): number {
  const count = (name: string) => Number(tokens[name]);
  return (
    price.input * (count("inputUncached") + count("toolUsePrompt") + count("audioIn")) +
    price.cacheRead * count("cacheRead") +
    price.cacheWrite * count("cacheWrite5m") +
    price.cacheWrite1h * count("cacheWrite1h") +
    price.output * (count("outputVisible") + count("outputReasoning") + count("audioOut"))
  );
}

/** The bill of what broke off, beside what Weir made of it. */
function report(tally: ReadonlyMap<string, number>): string {
  const byId = rowsById();
  let billed = 0;
  let estimated = 0;
  for (const entry of entries()) {
    const [row] = byId.get(entry.id) ?? [];
    if (row?.["usage_source"] !== "estimated" || entry.billed === null) continue;
    billed += sumOf(entry.billed);
    estimated += sumOf(tokensOf(row));
  }
  const lines = [...tally]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, count]) => `  ${count} × ${kind}`);
  const calls = `${rows.length} rows for ${sent.length} calls`;
  return [calls, ...lines, `  estimated ${estimated} tokens where ${billed} were billed`].join(
    "\n",
  );
}

function sumOf(tokens: Tokens): number {
  return Object.values(tokens).reduce<number>((sum, count) => sum + Number(count), 0);
}
