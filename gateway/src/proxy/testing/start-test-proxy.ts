/**
 * The data plane in one process for tests: real sockets, real upstream, real dialects. Two parts
 * stand in: an in-memory spool that the test can hold or fail, and a policy that answers as told.
 */
import { once } from "node:events";
import { Server as TlsServer } from "node:https";
import { Value } from "typebox/value";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import type { ContentEvent } from "../../contracts/content-event.ts";
import type { PolicyResult } from "../../contracts/decision.ts";
import { settingsOf } from "./test-settings.ts";
import type { TestProxyOptions } from "./test-proxy-options.ts";
import { PolicyInput } from "../../contracts/policy-input.ts";
import type { Principal } from "../../contracts/principal.ts";
import { formatVirtualKey, keyHash } from "../../identity/virtual-key.ts";
import { CallCount } from "../call-count.ts";
import { createToolGate, noFacts } from "../govern/create-tool-gate.ts";
import type { ToolGate } from "../govern/tool-gate.ts";
import { createEstimator } from "../estimate/create-estimator.ts";
import { ContentKeeper } from "../content/content-keeper.ts";
import { openUpstreams } from "../upstream.ts";
import { ByteBudget } from "../limit/byte-budget.ts";
import { listen } from "../listen.ts";
import { OwedBills } from "../meter/owed-bills.ts";
import { createPricer } from "../../prices/pricer.ts";
import { pooledRandom } from "../observe/pooled-random.ts";
import { BudgetBook } from "../limit/budget-book.ts";
import { BudgetGate } from "../limit/budget-gate.ts";
import { Keeper } from "../../budget/keeper.ts";
import { Leases } from "../../budget/leases.ts";
import type { Authority } from "../../budget/protocol.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { createRouter } from "../route/router.ts";
import { createProxyServer } from "../server.ts";
import { sleep } from "../sleep.ts";
import { translationFor } from "../translation.ts";
import { LiveStops } from "../stop/live-stops.ts";
import { StopBook } from "../stop/stop-book.ts";
import { OpenSockets } from "../websocket/open-sockets.ts";

export const testKey = formatVirtualKey(Buffer.alloc(32, 7));

const principal: Principal = {
  id: "person-1",
  kind: "person",
  teamId: "team-1",
  costCenter: "cc-1",
  roles: ["employee"],
  keyId: "key-1",
  assurance: "api_key",
};

export const allow: PolicyResult = {
  effect: "allow",
  rules: [{ id: "test.allow", reason: "Allowed.", owner: "test" }],
  userMessage: "",
  retryable: false,
  obligations: [],
};

export interface TestProxy {
  readonly url: string;
  readonly sockets: OpenSockets;
  /** @throws when it was started without TLS. */
  readonly tlsServer: () => TlsServer;
  readonly stops: LiveStops;
  readonly calls: CallEvent[];
  readonly decisions: DecisionEvent[];
  readonly contents: ContentEvent[];
  readonly failures: string[];
  /** Resolves when `count` calls have been recorded. */
  recorded(count: number): Promise<CallEvent[]>;
  close(): Promise<void>;
}

export async function startTestProxy(options: TestProxyOptions): Promise<TestProxy> {
  const { limits, providers, routing } = settingsOf(options);
  const calls: CallEvent[] = [];
  const decisions: DecisionEvent[] = [];
  const contents: ContentEvent[] = [];
  const failures: string[] = [];
  let wake = Promise.withResolvers<void>();
  const upstreams = openUpstreams({ providers, limits }, new Map([["test", "sk-upstream"]]), 64);
  const estimator = createEstimator();
  const count = new CallCount();
  let ids = 0;
  const keeper = new Keeper(Date.now);
  const own: Authority = { exchange: async (message) => keeper.exchange("test", message) };
  const leases = new Leases(options.authority ?? own);
  const budgets = new BudgetBook(options.budgets ?? []);
  const toolGate: ToolGate = createToolGate({
    policy: () => context.snapshot().policy,
    spool: { append: (record) => context.spool.append(record) },
    clock: {
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      newId: () => `tool-${(ids += 1)}`,
    },
    factsOf: () => noFacts,
    refusalOf: () => null,
    onError: (error) => failures.push(String(error)),
  });
  const stops = new LiveStops({
    nowMs: Date.now,
    report: options.onPause ?? (async () => "paused"),
  });
  const context: PipelineContext = {
    toolGate: options.toolGate ?? toolGate,
    tokens: options.tokens ?? null,
    certificates: options.certificates ?? null,
    keyUse: options.keyUse ?? null,
    budgetGate: new BudgetGate({
      leases,
      now: options.clock?.nowMs ?? Date.now,
      sleep: async () => undefined,
    }),
    flow: options.flow ?? null,
    sessionLimits: options.sessionLimits ?? null,
    stops,
    snapshot: () => ({
      stops: new StopBook([]),
      version: options.hasSnapshot?.() === false ? "" : "1",
      directory: options.directory ?? { people: new Map(), costCenters: new Map() },
      delegation: options.delegation?.() ?? null,
      budgets,
      keys: new Map([
        [
          keyHash(testKey),
          {
            keyHash: keyHash(testKey),
            expiresAtMs: options.isKeyValid?.() === false ? 0 : null,
            principal,
            denialStyle: options.denialStyle ?? "error",
            ...options.key,
          },
        ],
      ]),
      policy: {
        revision: "rev-1",
        evaluator: {
          revision: "rev-1",
          decide: (_point, input) =>
            typeof options.policy === "function"
              ? options.policy(Value.Parse(PolicyInput, parsed(input)))
              : (options.policy ?? allow),
          setData: () => {},
        },
      },
    }),
    capacity: {
      hasRoom: options.hasRoom ?? (() => true),
      get callsInFlight() {
        return count.inFlight;
      },
      maxCallsInFlight: 64,
      draining: false,
    },
    router: createRouter({ aliases: options.aliases ?? [], routing }, upstreams.all, () => 0.5),
    pricer: options.pricer ?? createPricer(providers),
    estimator,
    owed: new OwedBills(),
    spool: {
      appendSoon: async (record) => {
        if (record.type === "content") contents.push(record.event);
        if (record.type !== "decision") return;
        await options.beforeDecision?.(record.event);
        decisions.push(record.event);
      },
      append: async (record) => {
        if (record.type === "decision") decisions.push(record.event);
        if (record.type !== "call") return;
        await options.beforeRecord?.(record.event);
        calls.push(record.event);
        wake.resolve();
        wake = Promise.withResolvers<void>();
      },
    },
    content: options.content === undefined ? null : new ContentKeeper(options.content),
    limits,
    scheme: "http",
    routing,
    metering: {
      onClientAbort: "cancel",
      drainMaxTokens: 4_096,
      drainMaxMs: 5_000,
      estimate: true,
      ...options.metering,
    },
    bodyRoom: new ByteBudget(options.maxBodyBytesInMemory ?? 1_048_576),
    clock: {
      nowMs: () => Date.now(),
      monotonicMs: () => performance.now(),
      newId: () => `id-${(ids += 1)}`,
      random: () => 0.5,
      randomBytes: pooledRandom(),
      sleep,
      ...options.clock,
    },
    translationFor,
    observer: {
      finished: (...ended) => options.onFinished?.(...ended),
      passed: (...stage) => options.onPassed?.(...stage),
      failed: (message) => failures.push(message),
    },
  };
  const sockets = new OpenSockets(options.socketBounds);
  const probe = { notReady: () => null, version: "test" };
  const server = createProxyServer(
    context,
    probe,
    count,
    sockets,
    options.clientTimeouts,
    options.tls ?? null,
  );
  const { port } = await listen(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}`,
    sockets,
    tlsServer: () => {
      if (server instanceof TlsServer) return server;
      throw new Error("this proxy has no TLS");
    },
    stops,
    calls,
    decisions,
    contents,
    failures,
    recorded: async (wanted) => {
      while (calls.length < wanted) await wake.promise;
      return calls;
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      sockets.cut();
      await closed;
      await count.idle();
      await upstreams.close();
      await estimator.close();
    },
  };
}

/** The input document as the evaluator takes it: its JSON text. */
function parsed(input: object): unknown {
  return input instanceof ArrayBuffer ? JSON.parse(Buffer.from(input).toString()) : input;
}
