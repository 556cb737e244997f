import { describe, expect, test } from "vitest";
import type { PolicyInput } from "../contracts/policy-input.ts";
import { post } from "./testing/serve.ts";
import { failing, fast, good, holding, startTargets } from "./testing/start-targets.ts";
import { allow } from "./testing/start-test-proxy.ts";

const path = "/v1/chat/completions";

/** Denies calls to these providers. */
const denying =
  (...providers: string[]) =>
  ({ call }: PolicyInput) => {
    const isDenied = providers.includes(call?.provider ?? "");
    const userMessage = isDenied ? `Not ${call?.provider}.` : "";
    return { ...allow, effect: isDenied ? ("deny" as const) : ("allow" as const), userMessage };
  };

describe("policy", () => {
  test("decides on each target by itself: one that is denied is passed over", async () => {
    const policy = denying("first");
    await using targets = await startTargets({ first: good, second: good }, { policy });
    expect((await post(targets.proxy, path, fast)).status).toBe(200);
    expect(targets.first.requests).toEqual([]);
    expect(targets.proxy.decisions.map(({ effect }) => effect)).toEqual(["deny", "allow"]);
    expect((await targets.proxy.recorded(1))[0]).toMatchObject({
      outcome: "completed",
      provider: "second",
      attempts: 1,
      failedAttempts: [],
      decision: { effect: "allow" },
    });
  });

  test("that denies all targets is the answer, and nobody is asked", async () => {
    const policy = denying("first", "second");
    await using targets = await startTargets({ first: good, second: good }, { policy });
    const response = await post(targets.proxy, path, fast);
    expect(response.status).toBe(403);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const { error: shown } = JSON.parse(await response.text());
    expect(shown.message).toContain("Not second.");
    expect([targets.first.requests, targets.second.requests]).toEqual([[], []]);
    expect((await targets.proxy.recorded(1))[0]).toMatchObject({
      outcome: "denied",
      attempts: 0,
      usage: { streamEnd: "policy_cut" },
      cost: { status: "not_billed" },
    });
  });

  test("attack: an alias with a harmless name is no way to a model that is denied", async () => {
    const policy = ({ call }: PolicyInput) => ({
      ...allow,
      effect: call?.model.startsWith("m-") === true ? ("deny" as const) : ("allow" as const),
    });
    await using targets = await startTargets({ first: good, second: good }, { policy });
    expect((await post(targets.proxy, path, fast)).status).toBe(403);
    expect(targets.proxy.decisions.map(({ call }) => call)).toMatchObject([
      { model: "m-first", modelRequested: "fast" },
      { model: "m-second", modelRequested: "fast" },
    ]);
    expect([targets.first.requests, targets.second.requests]).toEqual([[], []]);
  });

  test("that denies the fallback leaves the failure of the allowed target a failure, not a denial", async () => {
    const policy = denying("second");
    await using targets = await startTargets({ first: failing(503), second: good }, { policy });
    const response = await post(targets.proxy, path, fast);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("WEIR_UPSTREAM_UNREACHABLE");
    expect(targets.second.requests).toEqual([]);
    expect((await targets.proxy.recorded(1))[0]).toMatchObject({
      outcome: "upstream_error",
      attempts: 1,
      provider: "first",
      decision: { effect: "allow" },
      failedAttempts: [{ provider: "first", status: 503 }],
    });
  });

  test("that denies the fallback of a full target leaves it at waiting", async () => {
    const held = holding();
    const options = { policy: denying("second"), ofFirst: { maxConcurrent: 1 } };
    await using targets = await startTargets({ first: held.answer, second: good }, options);
    const filling = post(targets.proxy, path, fast);
    await held.arrived;
    expect((await post(targets.proxy, path, fast)).status).toBe(429);
    held.letGo();
    expect((await filling).status).toBe(200);
  });
});
