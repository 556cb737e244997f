import { describe, expect, test } from "vitest";
import { createRouter, type RouteRequest } from "./router.ts";
import { upstreamOf } from "./testing/upstream-of.ts";

const routing = {
  retries: 0,
  backoffMs: 1,
  maxBackoffMs: 1,
  breakerFailures: 1,
  breakerOpenMs: 1_000,
};
const target = (provider: string, model: string, weight = 1) => ({ provider, model, weight });
const request = (told: Partial<RouteRequest>): RouteRequest => ({
  dialect: "openai",
  canTranslate: () => false,
  model: "gpt-5",
  providers: null,
  stateIds: [],
  stickyKey: "",
  ...told,
});

const upstreams = [
  upstreamOf("east", { models: ["gpt-*"] }),
  upstreamOf("west", { models: ["gpt-*"] }),
  upstreamOf("both", { models: ["llama-*"] }),
  upstreamOf("both", { dialect: "anthropic", models: ["claude-*"] }),
];

const aliases = [
  {
    name: "fast",
    strategy: "ordered" as const,
    targets: [target("west", "gpt-5-mini"), target("east", "gpt-5")],
  },
  {
    name: "spread",
    strategy: "weighted" as const,
    targets: [target("east", "gpt-5", 1), target("west", "gpt-5", 3)],
  },
  {
    name: "mixed",
    strategy: "ordered" as const,
    targets: [target("both", "m"), target("east", "gpt-5"), target("gone", "x")],
  },
];

function routerWith(random = () => 0) {
  return createRouter({ aliases, routing }, upstreams, random);
}

const plan = (told: Partial<RouteRequest>, random?: () => number) =>
  routerWith(random)
    .plan(request(told))
    .map(({ upstream, model }) => `${upstream.name}/${upstream.dialect}/${model}`);

describe("a model that is no alias", () => {
  test("has one target, and asks for itself", () => {
    expect(plan({})).toEqual(["east/openai/gpt-5"]);
    expect(plan({ providers: new Set(["west"]) })).toEqual(["west/openai/gpt-5"]);
  });

  test("has none that nobody serves, so that it is refused rather than sent anywhere", () => {
    expect(plan({ model: "unknown" })).toEqual([]);
    expect(plan({ model: "gpt-5", providers: new Set(["both"]) })).toEqual([]);
    expect(plan({ model: "claude-5" })).toEqual([]);
    expect(plan({ model: "claude-5", canTranslate: () => true })).toEqual([
      "both/anthropic/claude-5",
    ]);
  });
});

describe("an alias", () => {
  test("leads to its targets in their order, whatever model patterns their providers have", () => {
    expect(plan({ model: "fast" })).toEqual(["west/openai/gpt-5-mini", "east/openai/gpt-5"]);
    expect(plan({ model: "mixed" })).toEqual(["both/openai/m", "east/openai/gpt-5"]);
  });

  test("spreads calls by weight and keeps the others as fallbacks", () => {
    expect(plan({ model: "spread" }, () => 0.2)[0]).toBe("east/openai/gpt-5");
    expect(plan({ model: "spread" }, () => 0.3)).toEqual([
      "west/openai/gpt-5",
      "east/openai/gpt-5",
    ]);
  });

  test("takes of a provider with two dialects the caller's own", () => {
    const told = { model: "mixed", canTranslate: () => true };
    expect(plan(told)[0]).toBe("both/openai/m");
    expect(plan({ ...told, dialect: "anthropic" })[0]).toBe("both/anthropic/m");
    expect(plan({ model: "mixed", dialect: "anthropic" })).toEqual(["both/anthropic/m"]);
  });

  test("keeps to the providers that policy pins", () => {
    expect(plan({ model: "fast", providers: new Set(["east"]) })).toEqual(["east/openai/gpt-5"]);
    expect(plan({ model: "fast", providers: new Set(["both"]) })).toEqual([]);
  });

  test("sends calls of one key the same way, whatever chance says", () => {
    const ways = [0, 0.5, 0.9].map((random) =>
      plan({ model: "spread", stickyKey: "k" }, () => random),
    );
    expect(new Set(ways.map((way) => way.join()))).toHaveLength(1);
  });
});

describe("state at one provider", () => {
  test("sends a call that builds on it there and nowhere else", () => {
    const router = routerWith();
    const [first] = router.plan(request({ model: "fast" }));
    const other = router.plan(request({ model: "fast" }))[1];
    if (first === undefined || other === undefined) throw new Error("no targets");
    router.keepState(["resp_1"], other);
    const planned = router.plan(request({ model: "fast", stateIds: ["resp_1"] }));
    expect(planned.map(({ upstream }) => upstream.name)).toEqual(["east"]);
  });

  test("of which nothing is known leaves the call its first choice, without fallbacks", () => {
    expect(plan({ model: "fast", stateIds: ["resp_9"] })).toEqual(["west/openai/gpt-5-mini"]);
  });

  test("is where a call without a model goes, such as reading a stored response", () => {
    const router = routerWith();
    const [west] = router.plan(request({ model: "fast" }));
    if (west === undefined) throw new Error("no target");
    router.keepState(["resp_1"], west);
    const told = { model: "", stateIds: ["resp_1"] };
    expect(router.plan(request(told)).map(({ upstream }) => upstream.name)).toEqual(["west"]);
    const unknown = request({ model: "", stateIds: ["resp_9"] });
    expect(router.plan(unknown).map(({ upstream }) => upstream.name)).toEqual(["east"]);
    expect(router.plan(request({ ...told, providers: new Set(["east"]) }))).toEqual([]);
  });

  test("at a provider that is no target any more is not looked for elsewhere in the list", () => {
    const router = routerWith();
    const home = router.named("both", "openai");
    if (home === undefined) throw new Error("no such provider");
    router.keepState(["resp_1"], home);
    expect(router.plan(request({ model: "fast", stateIds: ["resp_1"] }))).toHaveLength(1);
  });
});

test("a provider is found by its name, of the caller's dialect where there are two", () => {
  const router = routerWith();
  expect(router.named("both", "anthropic")?.upstream.dialect).toBe("anthropic");
  expect(router.named("both", "gemini")?.upstream.dialect).toBe("openai");
  expect(router.named("nowhere", "openai")).toBeUndefined();
});

test("open gates and calls under way are counted by provider", async () => {
  const router = routerWith();
  const [first] = router.plan(request({ model: "fast" }));
  if (first === undefined) throw new Error("no target");
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const entered = first.gate.enter(() => ({ health: Promise.resolve("failing"), ended }));
  expect(router.inFlight().get("west")).toBe(1);
  end();
  await entered;
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(router.inFlight().get("west")).toBe(0);
  expect(router.openGates().get("west")).toBe(1);
  expect(router.openGates().get("east")).toBe(0);
});
