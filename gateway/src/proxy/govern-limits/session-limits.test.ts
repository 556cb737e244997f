import { describe, expect, test } from "vitest";
import type { AskedToolCall, ToolCaller, ToolGate } from "../govern/tool-gate.ts";
import { LiveStops } from "../stop/live-stops.ts";
import { BoundedMap } from "./bounded-map.ts";
import { limitedGate } from "./limited-gate.ts";
import { SessionLimits } from "./session-limits.ts";

const off = { identicalCalls: 0, alternations: 0, subAgents: 0, depth: 0 };
const caller = (sessionId = "s-1", id = "triage", teamId = "blue"): ToolCaller => ({
  principal: {
    id,
    kind: "agent",
    onBehalfOf: "ada",
    agentId: id,
    teamId,
    costCenter: "c",
    roles: [],
    keyId: "key-1",
    assurance: "api_key",
  },
  grant: { scopes: null, models: null },
  sessionId,
  callId: "call-1",
});
const call = (name: string, args: object = {}): AskedToolCall => ({
  via: "action",
  server: "",
  name,
  argsText: JSON.stringify(args),
  schema: null,
});

function limitsOf(settings: Partial<ConstructorParameters<typeof SessionLimits>[0]["settings"]>) {
  const clock = { nowMs: 1_000_000_000 };
  const limits = new SessionLimits({
    settings: { limits: [], loops: off, ...settings },
    nowMs: () => clock.nowMs,
  });
  const ruleOf = (asked: AskedToolCall, who = caller()) =>
    limits.begin(who, asked).breach?.ruleId ?? null;
  return { limits, clock, ruleOf };
}

describe("limits on actions", () => {
  const deploys = { id: "deployments", tools: ["deploy*", "ci/run"], perHour: 2, perDay: 3 };

  test("so many an hour and a day, in windows that slide", () => {
    const { clock, ruleOf } = limitsOf({ limits: [deploys] });
    expect([1, 2, 3].map((n) => ruleOf(call("deploy", { n })))).toEqual([
      null,
      null,
      "limits.deployments",
    ]);
    clock.nowMs += 3_600_000;
    expect([4, 5].map((n) => ruleOf(call("deploy_eu", { n })))).toEqual([
      null,
      "limits.deployments",
    ]);
    clock.nowMs += 86_400_000;
    expect(ruleOf(call("deploy"))).toBeNull();
    expect(ruleOf({ ...call("run"), server: "ci" })).toBeNull();
  });

  test("a new session is no new budget; another agent's and another team's are their own", () => {
    const { ruleOf } = limitsOf({ limits: [{ ...deploys, team: "blue" }] });
    ruleOf(call("deploy"));
    ruleOf(call("deploy"));
    expect(ruleOf(call("deploy"), caller("s-2"))).toBe("limits.deployments");
    expect(ruleOf(call("deploy"), caller("s-2", "other"))).toBeNull();
    for (let n = 0; n < 5; n += 1)
      expect(ruleOf(call("deploy"), caller("s-3", "triage", "red"))).toBeNull();
  });

  test("recipients are told apart whatever their spelling, in lists and in one text", () => {
    const { ruleOf } = limitsOf({
      limits: [{ id: "mails", tools: ["send"], distinct: { arguments: ["to", "cc"], perDay: 2 } }],
    });
    expect(ruleOf(call("send", { to: "A@x.example, b@x.example" }))).toBeNull();
    expect(ruleOf(call("send", { to: [" a@x.example"], cc: ["B@x.example"] }))).toBeNull();
    expect(ruleOf(call("send", { to: "a@x.example", cc: "c@x.example" }))).toBe("limits.mails");
    expect(ruleOf(call("send", { to: "b@x.example" }))).toBeNull();
  });

  test.each([
    ["null", null],
    ["a text", "5"],
    ["less than nothing", -5],
    ["nothing", undefined],
  ])("money: an amount that is %s is over the limit", (_what, amount) => {
    const { ruleOf } = limitsOf({
      limits: [{ id: "payments", tools: ["pay"], amount: { argument: "amount", perDay: 100 } }],
    });
    expect(ruleOf(call("pay", { amount }))).toBe("limits.payments");
    expect(ruleOf(call("pay", { amount: 60 }))).toBeNull();
    expect(ruleOf(call("pay", { amount: 41 }))).toBe("limits.payments");
    expect(ruleOf(call("pay", { amount: 40 }))).toBeNull();
  });

  test("what policy then denies has not been done, and does not count", () => {
    const { limits, ruleOf } = limitsOf({ limits: [deploys] });
    for (let n = 0; n < 5; n += 1) limits.begin(caller(), call("deploy", { n })).withdraw();
    expect(ruleOf(call("deploy"))).toBeNull();
    expect(limits.begin(caller(), call("deploy", { n: 9 })).values).toMatchObject({
      deployments_hour: 1,
      deployments_day: 1,
    });
  });
});

describe("loops", () => {
  test("identical calls in a row, and nothing that only looks like it", () => {
    const { ruleOf } = limitsOf({ loops: { ...off, identicalCalls: 3 } });
    const said = [1, 1, 2, 1, 1, 1, 1].map((n) => ruleOf(call("read", { n })));
    expect(said.slice(0, 5)).toEqual([null, null, null, null, null]);
    expect(said.slice(5)).toEqual(["loops.identical_calls", "loops.identical_calls"]);
  });

  test("two calls in turns; three in turns are no such loop", () => {
    const { ruleOf } = limitsOf({ loops: { ...off, alternations: 3 } });
    const rules = (turns: number[]) => turns.map((n) => ruleOf(call("read", { n }))).at(-1);
    expect(rules([1, 2, 1, 2, 1])).toBeNull();
    expect(rules([2])).toBe("loops.alternating_calls");
    expect(rules([3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5])).toBeNull();
    expect(rules([6, 6, 7, 7, 6, 6, 7, 7])).toBeNull();
  });

  test("agents in one session within an hour, and hands that a token has gone through", () => {
    const { limits, clock } = limitsOf({ loops: { ...off, subAgents: 2, depth: 2 } });
    const note = (agent: string, depth = 1) =>
      limits.noteAgent(caller(), agent, depth)?.ruleId ?? null;
    expect(["a", "b", "a", "c"].map((agent) => note(agent))).toEqual([
      null,
      null,
      null,
      "loops.sub_agents",
    ]);
    clock.nowMs += 3_600_001;
    expect(note("c")).toBeNull();
    expect(note("c", 3)).toBe("loops.depth");
  });
});

test("memory is bounded: the session that was used longest ago is forgotten", () => {
  const map = new BoundedMap<number>(2);
  for (const key of ["a", "b", "a", "c"]) map.use(key, () => 1);
  expect(map.size).toBe(2);
  let made = 0;
  map.use("a", () => (made += 1));
  expect(made).toBe(0);
});

test("exceeding pauses the session: the next call asks neither policy nor a model, and its owner is told", async () => {
  const reported: object[] = [];
  const stops = new LiveStops({
    nowMs: () => 1,
    report: async (pause) => {
      reported.push(pause);
      return "stop-1";
    },
  });
  let decided = 0;
  const gate: ToolGate = {
    decide: async () => {
      decided += 1;
      return {
        decision: {
          id: "d",
          effect: "allow",
          rules: [],
          userMessage: "",
          retryable: false,
          obligations: [],
          revision: "",
          evalMicros: 0,
        },
        schemaDigest: "",
        argsDigest: "",
      };
    },
  };
  const { limits } = limitsOf({ loops: { ...off, identicalCalls: 2 } });
  const recorded: string[] = [];
  const limited = limitedGate({
    gate,
    limits,
    stops,
    newId: () => "d-1",
    record: async ({ decision }) => void recorded.push(decision.rules[0]?.id ?? ""),
    onError: () => undefined,
  });
  const watched = stops.enter(caller());
  const verdicts = [];
  for (let n = 0; n < 3; n += 1) verdicts.push(await limited.decide(caller(), call("read")));
  expect(verdicts.map(({ decision }) => decision.effect)).toEqual(["allow", "deny", "deny"]);
  expect(recorded).toEqual(["loops.identical_calls", "weir.stopped"]);
  expect(decided).toBe(1);
  expect(verdicts[1]?.decision.userMessage).toContain("Its owner can look at it");
  expect(watched.signal.aborted).toBe(true);
  expect(() => stops.enter(caller())).toThrow("paused this session");
  expect(reported).toMatchObject([{ kind: "session", target: "s-1", ownerId: "ada" }]);
});
