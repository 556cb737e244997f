/**
 * Must show 2: whatever goes wrong, the client gets its own dialect's error and the call leaves
 * exactly one row with the right outcome. A whole Weir, a real simulator, real ClickHouse.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../gateway/src/simulator/server.ts";
import { readLedger, type LedgerRow } from "../support/read-ledger.ts";
import { simulatorProviders } from "../support/simulator-provider.ts";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

const MAX_BODY_BYTES = 65_536;

let dataDir: string;
let simulator: Simulator;
let weir: RunningWeir;
/** What each test expects of the row whose call id the client was told. */
const expectations = new Map<string, Record<string, unknown>>();

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "weir-outcomes-"));
  simulator = await startSimulator();
  weir = await startWeir({
    dataDir,
    config: {
      ...simulatorProviders(simulator.url),
      teams: [
        { id: "blue", costCenter: "cc-7", models: ["sim-*"], tools: ["read"], maxTokens: 50 },
      ],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      limits: { maxBodyBytes: MAX_BODY_BYTES, idleTimeoutMs: 1_500 },
    },
  });
});

afterAll(async () => {
  await weir.stop();
  await simulator.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Dialect = "openai" | "anthropic";
const dialects: Dialect[] = ["openai", "anthropic"];
const paths = { openai: "/v1/chat/completions", anthropic: "/v1/messages" };
const body = (dialect: Dialect, fields: object = {}) => ({
  model: "sim-echo",
  messages: [{ role: "user", content: "hello there" }],
  ...(dialect === "anthropic" ? { max_tokens: 20 } : {}),
  ...fields,
});

async function call(
  dialect: Dialect,
  payload: object | string,
  options: { key?: string | null; signal?: AbortSignal } = {},
): Promise<Response> {
  const key = options.key === undefined ? weir.key : options.key;
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (key !== null)
    headers[dialect === "openai" ? "authorization" : "x-api-key"] =
      dialect === "openai" ? `Bearer ${key}` : key;
  return fetch(`${weir.gateway}${paths[dialect]}`, {
    method: "POST",
    headers,
    body: typeof payload === "string" ? payload : JSON.stringify(payload),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

function expectRow(response: Response, row: Record<string, unknown>): void {
  const id = response.headers.get("x-weir-call-id");
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expectations.set(id ?? "", row);
}

/** The shape in which each dialect's SDK reads an error. */
async function expectError(response: Response, dialect: Dialect, text: RegExp): Promise<void> {
  const message = expect.stringMatching(text);
  const expected =
    dialect === "openai"
      ? { error: { message, type: expect.any(String), param: null, code: expect.any(String) } }
      : {
          type: "error",
          error: { type: expect.any(String), message },
          request_id: expect.any(String),
        };
  expect(await response.json()).toEqual(expected);
}

const deniedStatus = { openai: 403, anthropic: 402 };

test.each(dialects)("%s: a model outside the team's list is denied", async (dialect) => {
  const response = await call(dialect, body(dialect, { model: "gpt-5" }));
  expect(response.status).toBe(deniedStatus[dialect]);
  expect(response.headers.get("x-should-retry")).toBe("false");
  const decisionId = response.headers.get("x-weir-decision-id");
  await expectError(response, dialect, new RegExp(`gpt-5.*sim-\\*.*${decisionId}`));
  expectRow(response, {
    outcome: "denied",
    effect: "deny",
    rule_ids: ["models.not_allowed"],
    decision_id: decisionId,
    status: deniedStatus[dialect],
    upstream_status: 0,
    attempts: 0,
    input_uncached: null,
    cost_micro_usd: null,
    cost_status: "not_billed",
  });
});

test.each(dialects)("%s: a tool outside the list is denied by its name", async (dialect) => {
  const tool = (name: string) =>
    dialect === "openai" ? { type: "function", function: { name } } : { name, input_schema: {} };
  const response = await call(dialect, body(dialect, { tools: [tool("read"), tool("exec")] }));
  expect(response.status).toBe(deniedStatus[dialect]);
  await expectError(response, dialect, /exec.*WEIR_POLICY_DENIED/);
  expectRow(response, {
    outcome: "denied",
    rule_ids: ["tools.not_allowed"],
    tool_names: ["read", "exec"],
  });
});

test.each(dialects)("%s: a bad key and a missing one are 401", async (dialect) => {
  const wrong = `${weir.key.slice(0, -1)}${weir.key.endsWith("0") ? "1" : "0"}`;
  for (const [key, code] of [
    [wrong, "WEIR_KEY_INVALID"],
    [null, "WEIR_KEY_MISSING"],
  ] as const) {
    const response = await call(dialect, body(dialect), { key });
    expect(response.status).toBe(401);
    await expectError(response, dialect, new RegExp(code));
    expectRow(response, {
      outcome: "unauthenticated",
      error_code: code,
      principal_id: "",
      person_id: "",
    });
  }
});

test.each(dialects)("%s: malformed JSON is 400", async (dialect) => {
  for (const text of ['{"model":"sim-echo"', "", "[]"]) {
    const response = await call(dialect, text);
    expect(response.status).toBe(400);
    await expectError(response, dialect, /WEIR_BODY_NOT_JSON/);
    expectRow(response, { outcome: "invalid_request", principal_id: "ada", team_id: "blue" });
  }
});

test.each(dialects)("%s: a body over the limit is 413", async (dialect) => {
  const response = await call(dialect, body(dialect, { pad: "x".repeat(MAX_BODY_BYTES) }));
  expect(response.status).toBe(413);
  await expectError(response, dialect, /WEIR_BODY_TOO_LARGE/);
  expectRow(response, { outcome: "too_large", principal_id: "ada" });
});

test.each(dialects)("%s: an upstream's 500 and 429 pass as they are", async (dialect) => {
  for (const status of [500, 429]) {
    const response = await call(dialect, body(dialect, { model: `sim-error-${status}` }));
    expect(response.status).toBe(status);
    if (status === 429) expect(response.headers.get("retry-after")).not.toBeNull();
    expect(JSON.stringify(await response.json())).toContain("error");
    expectRow(response, {
      outcome: "upstream_error",
      effect: "allow",
      upstream_status: status,
      usage_source: "missing",
      cost_status: "not_billed",
    });
  }
});

test.each(dialects)("%s: an upstream that dies is told from one that ends", async (dialect) => {
  const whole = await call(dialect, body(dialect, { model: "sim-die" }));
  expect(whole.status).toBe(502);
  await expectError(whole, dialect, /WEIR_UPSTREAM_DIED/);
  expectRow(whole, { outcome: "upstream_died", error_code: "WEIR_UPSTREAM_DIED", status: 502 });

  const streamed = await call(dialect, body(dialect, { model: "sim-long-9-die-3", stream: true }));
  expect(streamed.status).toBe(200);
  const events = (await streamed.text()).trimEnd().split("\n\n");
  const last = events.at(-1) ?? "";
  expect(last.startsWith(dialect === "openai" ? 'data: {"error"' : "event: error")).toBe(true);
  expectRow(streamed, {
    outcome: "upstream_died",
    status: 200,
    stream_end: "upstream_error",
    usage_source: "estimated",
  });
});

test.each(dialects)("%s: an error event inside a stream is an upstream error", async (dialect) => {
  const response = await call(dialect, body(dialect, { model: "sim-fail", stream: true }));
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("error");
  expectRow(response, { outcome: "upstream_error", stream_end: "upstream_error" });
});

test.each(dialects)("%s: an upstream that falls silent is a time-out", async (dialect) => {
  const response = await call(dialect, body(dialect, { model: "sim-stall", stream: true }));
  expect(await response.text()).toContain("WEIR_UPSTREAM_TIMEOUT");
  expectRow(response, { outcome: "timeout", stream_end: "timeout" });
});

test.each(dialects)(
  "%s: a client that hangs up in mid-stream aborts its upstream",
  async (dialect) => {
    const aborter = new AbortController();
    const payload = body(dialect, { model: "sim-long-500-slow-20", stream: true });
    const response = await call(dialect, payload, { signal: aborter.signal });
    await response.body?.getReader().read();
    aborter.abort();
    expectRow(response, { outcome: "client_abort", stream_end: "client_abort", effect: "allow" });
    await expect
      .poll(() => simulator.ledger.calls().filter(({ end }) => end === "client_abort").length, {
        timeout: 10_000,
      })
      .toBe(dialects.indexOf(dialect) + 1);
  },
);

test.each(dialects)(
  "%s: a request for more output than the team's cap is capped",
  async (dialect) => {
    const response = await call(dialect, body(dialect, { max_tokens: 900 }));
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expectRow(response, {
      outcome: "completed",
      rule_ids: ["limits.max_tokens", "models.allowed"],
      max_tokens: 900,
      person_id: "ada",
      team_id: "blue",
      cost_center: "cc-7",
    });
  },
);

test("an unknown path answers in the caller's dialect and names what is served", async () => {
  const response = await fetch(`${weir.gateway}/v1/nothing`, {
    headers: { "anthropic-version": "2023-06-01" },
  });
  expect(response.status).toBe(404);
  await expectError(response, "anthropic", /docs\/wire-formats\.md/);
});

test("every call above left exactly one row, with the outcome that its client saw", async () => {
  await weir.stop();
  const { calls, decisions } = await readLedger(dataDir);
  const byId = new Map<unknown, LedgerRow[]>();
  for (const row of calls) byId.set(row["id"], [...(byId.get(row["id"]) ?? []), row]);
  for (const [id, expected] of expectations) {
    expect(byId.get(id), `${id} ${JSON.stringify(expected)}`).toEqual([
      expect.objectContaining(expected),
    ]);
  }
  expect(calls).toHaveLength(expectations.size);
  const capped = calls.filter(({ max_tokens }) => max_tokens === 900);
  const caps = decisions.filter(({ call_id }) => capped.some(({ id }) => id === call_id));
  expect(caps.map(({ obligations }) => obligations)).toEqual(
    dialects.map(() => expect.stringContaining("cap_max_tokens")),
  );
  expect(expectations.size).toBe(32);
});
