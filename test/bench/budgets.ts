/** What budgets add to a call: pnpm bench:budgets. A minute; needs Valkey or Redis for its second part. */
import { connect, createServer, type Server } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Emergency } from "../../gateway/src/budget/emergency.ts";
import { Keeper } from "../../gateway/src/budget/keeper.ts";
import { Leases } from "../../gateway/src/budget/leases.ts";
import type { Authority } from "../../gateway/src/budget/protocol.ts";
import { Replica } from "../../gateway/src/budget/replica.ts";
import { SharedAuthority } from "../../gateway/src/budget/shared-authority.ts";
import { startValkey } from "../../gateway/src/budget/testing/start-valkey.ts";
import { ValkeyAuthority } from "../../gateway/src/budget/valkey/valkey-authority.ts";
import type { Budget } from "../../gateway/src/contracts/budget.ts";
import { BudgetBook } from "../../gateway/src/proxy/limit/budget-book.ts";
import { BudgetGate } from "../../gateway/src/proxy/limit/budget-gate.ts";
import { textOfRequest } from "../../gateway/src/proxy/estimate/text-of-request.ts";

const CALLS = 200_000;
const ASKED_CALLS = 2_000;
const HUNG_CALLS = 60;
const SLOW_MS = 15;

const principal = {
  id: "ada",
  kind: "person" as const,
  teamId: "blue",
  costCenter: "cc-1",
  roles: ["employee"],
  keyId: "key-1",
  assurance: "api_key" as const,
};
const call = { principal, model: "m-1", sessionId: "s-1", runId: "" };
const amounts = { requests: 1, tokens: 800, micro_usd: 2_400, concurrency: 1 };
const used = { requests: 1, tokens: 500, microUsd: 1_500 };
const body = {
  model: "m-1",
  max_tokens: 300,
  messages: [{ role: "user", content: "tell me about weirs ".repeat(50) }],
};

const scopes = ["person", "team", "cost_center", "key", "model"] as const;

function budgets(count: number, limit: number, name = "b"): Budget[] {
  return scopes.slice(0, count).map((scope, index) => ({
    id: `${name}${index}`,
    scope,
    of: "*",
    unit: index % 2 === 0 ? "micro_usd" : "tokens",
    limit,
    window: "month",
    timeZone: "Europe/Berlin",
    enforcement: "hard",
    lastCall: "may_overrun",
    unpriced: "refuse",
    contact: "",
    raises: [],
  }));
}

interface Waits {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function waitsOf(sorted: Float64Array): Waits {
  sorted.sort();
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function gateOver(authority: Authority): BudgetGate {
  return gateOf(new Leases(authority));
}

function gateOf(leases: Leases): BudgetGate {
  return new BudgetGate({ leases, now: Date.now, sleep: (ms) => sleep(ms) });
}

/** Microseconds that each call waits for its reservation, one after the other. */
async function measure(gate: BudgetGate, book: BudgetBook, calls: number): Promise<Waits> {
  const waits = new Float64Array(calls);
  for (let at = 0; at < calls; at += 1) {
    const begun = performance.now();
    const reserved = gate.reserve(book, call, amounts);
    const reservation = reserved instanceof Promise ? await reserved : reserved;
    reservation.headers(Date.now());
    waits[at] = (performance.now() - begun) * 1_000;
    reservation.settle(used);
  }
  return waitsOf(waits);
}

/** Microseconds of processor time a call, all of its steps together. */
async function meanOf(gate: BudgetGate, book: BudgetBook, calls: number): Promise<number> {
  const begun = performance.now();
  for (let at = 0; at < calls; at += 1) {
    const reserved = gate.reserve(book, call, amounts);
    const reservation = reserved instanceof Promise ? await reserved : reserved;
    reservation.headers(at);
    reservation.settle(used);
  }
  return ((performance.now() - begun) * 1_000) / calls;
}

function say(what: string, figures: Waits): void {
  const columns = Object.entries(figures).map(([name, us]) => `${name} ${us.toFixed(1)} µs`);
  process.stdout.write(`${what.padEnd(58)} ${columns.join("  ")}\n`);
}

async function inProcess(): Promise<void> {
  const begun = performance.now();
  for (let at = 0; at < CALLS; at += 1) Buffer.byteLength(textOfRequest(body));
  const estimateUs = ((performance.now() - begun) * 1_000) / CALLS;
  process.stdout.write(
    `estimating a 1 KB request${" ".repeat(34)}mean ${estimateUs.toFixed(2)} µs\n`,
  );
  for (const count of [1, 5]) {
    const keeper = new Keeper(Date.now);
    const gate = gateOver({ exchange: async (message) => keeper.exchange("one", message) });
    const book = new BudgetBook(budgets(count, 1_000_000_000_000_000));
    await meanOf(gate, book, CALLS);
    const mean = await meanOf(gate, book, CALLS);
    process.stdout.write(
      `in process, ${count} budget(s): reserve, headers, settle${" ".repeat(13)}mean ${mean.toFixed(2)} µs\n`,
    );
    say(`in process, ${count} budget(s): wait of a call`, await measure(gate, book, CALLS));
  }
}

/** A way to Valkey that delays each answer. */
async function slowWay(port: number, delayMs: number): Promise<{ port: number; server: Server }> {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.pipe(upstream);
    upstream.on("data", (chunk: Buffer) => setTimeout(() => client.write(chunk), delayMs));
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { port: address.port, server };
}

/** A worker, its machine's keeper and Valkey, in one process: without the channel between them. */
function machine(url: string) {
  const emergency = new Emergency(2);
  const valkey = new ValkeyAuthority({
    url,
    password: undefined,
    spender: `bench-${Math.random()}`,
    onTotal: (key, total) => emergency.heard(key, total),
    onLoss: () => undefined,
    onError: () => undefined,
  });
  const replica = new Replica(
    new SharedAuthority({ shared: valkey, emergency, onReach: () => undefined }),
  );
  const leases = new Leases({ exchange: (message) => replica.exchange("worker", message) });
  const ticking = setInterval(() => {
    leases.tick(Date.now());
    replica.tick(Date.now());
  }, 100);
  return {
    valkey,
    leases,
    close: () => {
      clearInterval(ticking);
      valkey.close();
    },
  };
}

async function warm(valkey: ValkeyAuthority): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await valkey.exchange({ positions: [], wants: [] });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error("Valkey cannot be reached");
}

async function withValkey(): Promise<void> {
  const server = await startValkey();
  const port = Number(new URL(server.url).port);
  const slow = await slowWay(port, SLOW_MS);
  const far = new BudgetBook(budgets(3, 1_000_000_000_000));
  const near = new BudgetBook(budgets(3, 20_000_000, "near"));
  try {
    const fast = machine(server.url);
    await warm(fast.valkey);
    const gate = gateOf(fast.leases);
    await measure(gate, far, CALLS);
    say("Valkey, far from 3 limits", await measure(gate, far, CALLS));
    say(
      "Valkey, up to 3 limits: each call asks at the end",
      await measure(gate, near, ASKED_CALLS),
    );
    fast.close();
    const slowed = machine(`redis://127.0.0.1:${slow.port}`);
    await warm(slowed.valkey);
    await measure(gateOf(slowed.leases), far, CALLS);
    say(
      `Valkey ${SLOW_MS} ms away, far from 3 limits`,
      await measure(gateOf(slowed.leases), far, CALLS),
    );
    slowed.close();
    const hung = machine(server.url);
    await warm(hung.valkey);
    await measure(gateOf(hung.leases), far, ASKED_CALLS);
    server.freeze();
    say("Valkey hung, far from 3 limits", await measure(gateOf(hung.leases), far, ASKED_CALLS));
    const small = new BudgetBook(budgets(3, 2_000_000, "small"));
    say("Valkey hung, each call has to ask", await measure(gateOf(hung.leases), small, HUNG_CALLS));
    hung.close();
    server.thaw();
  } finally {
    slow.server.close();
    await server.close();
  }
}

await inProcess();
await withValkey();
