import { afterAll, expect, test, vi } from "vitest";
import { createPolicyCompiler } from "./compiler.ts";
import { denyOnError, loadPolicyEvaluator, type PolicyEvaluator } from "./evaluate.ts";

const compiler = createPolicyCompiler();
afterAll(() => compiler.close());

const head = "package weir.llm_call\n\n";
const fine =
  '{"effect": "allow", "rules": [], "userMessage": "", "retryable": false, "obligations": []}';

async function load(source: string, maxMemoryBytes?: number): Promise<PolicyEvaluator> {
  const entrypoints = ["weir/llm_call/decision"];
  const { errors, wasm } = await compiler.build({
    files: { "p.rego": head + source },
    entrypoints,
  });
  expect(errors).toEqual([]);
  return loadPolicyEvaluator({
    wasm,
    entrypoints,
    data: { weir: { word: "first" } },
    revision: "r",
    ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }),
  });
}

const failing = (reason: string) =>
  expect.objectContaining({ code: "WEIR_POLICY_EVALUATION", reason });

test("two rules that disagree fail closed instead of choosing", async () => {
  const policy = await load(
    `decision := ${fine} if input.a\n\ndecision := object.union(${fine}, {"effect": "deny"}) if input.b\n`,
  );
  expect(policy.decide("llm_call", { a: true }).effect).toBe("allow");
  expect(() => policy.decide("llm_call", { a: true, b: true })).toThrow(failing("evaluation"));
  expect(policy.decide("llm_call", { b: true }).effect).toBe("deny");
});

test.each([
  ["undefined", "decision := 1 if input.never", "undefined"],
  ["no decision", "decision := true", "invalid_result"],
  ["an unknown effect", `decision := object.union(${fine}, {"effect": "alow"})`, "invalid_result"],
  [
    "an unknown obligation",
    `decision := object.union(${fine}, {"obligations": [{"type": "x"}]})`,
    "invalid_result",
  ],
  [
    "an obligation without its value",
    `decision := object.union(${fine}, {"obligations": [{"type": "cap_max_tokens"}]})`,
    "invalid_result",
  ],
])("%s fails closed", async (_what, source, reason) => {
  const policy = await load(`${source}\n`);
  expect(() => policy.decide("llm_call", {})).toThrow(failing(reason));
});

test("an input that is no object, and a point that has no entrypoint, fail closed", async () => {
  const policy = await load(`decision := ${fine}\n`);
  for (const input of [null, 0, "", false, []]) {
    // @ts-expect-error a caller in JavaScript could
    expect(() => policy.decide("llm_call", input)).toThrow(failing("invalid_input"));
  }
  expect(() => policy.decide("tool_call", {})).toThrow(failing("no_entrypoint"));
});

test("data is replaced as a whole", async () => {
  const policy = await load(`decision := object.union(${fine}, {"userMessage": data.weir.word})\n`);
  expect(policy.decide("llm_call", {}).userMessage).toBe("first");
  policy.setData({ weir: { word: "second" } });
  expect(policy.decide("llm_call", {}).userMessage).toBe("second");
});

test("an instance that has grown large is replaced and decides on, with the same data", async () => {
  const policy = await load(
    `decision := object.union(${fine}, {"userMessage": data.weir.word}) if count(input.text) > 0\n`,
    1_048_576,
  );
  policy.setData({ weir: { word: "kept" } });
  for (let round = 0; round < 20; round += 1) {
    const text = "x".repeat(4_000_000);
    expect(policy.decide("llm_call", { text }).userMessage).toBe("kept");
    const turn = Promise.withResolvers<void>();
    setImmediate(turn.resolve);
    await turn.promise;
  }
});

test("data that are refused leave the data before them in force", async () => {
  const policy = await load(`decision := object.union(${fine}, {"userMessage": data.weir.word})\n`);
  // The engine refuses a lone surrogate only after it has begun to overwrite what it had.
  const refusals: object[] = [{ weir: { word: "\ud800" } }, { weir: { word: 1n } }, []];
  for (const refused of refusals) {
    expect(() => policy.setData(refused)).toThrow(failing("invalid_data"));
    expect(policy.decide("llm_call", {}).userMessage).toBe("first");
  }
});

test("data that are larger than the memory bound do not have the instance replaced at every call", async () => {
  const policy = await load(
    `decision := object.union(${fine}, {"userMessage": data.weir.word})\n`,
    1,
  );
  const words = Array.from({ length: 50_000 }, (_, at) => `word-${at}`);
  policy.setData({ weir: { word: "kept", words } });
  const instantiate = vi.spyOn(WebAssembly, "instantiate");
  try {
    for (let round = 0; round < 10; round += 1) {
      expect(policy.decide("llm_call", {}).userMessage).toBe("kept");
      const turn = Promise.withResolvers<void>();
      setImmediate(turn.resolve);
      await turn.promise;
    }
    expect(instantiate.mock.calls.length).toBeLessThanOrEqual(1);
  } finally {
    instantiate.mockRestore();
  }
});

test("a string that is no Unicode fails closed", async () => {
  const policy = await load(`decision := ${fine}\n`);
  expect(() => policy.decide("llm_call", { call: { model: "\ud800" } })).toThrow(
    failing("evaluation"),
  );
  expect(policy.decide("llm_call", {}).effect).toBe("allow");
});

test("what is no policy module cannot be loaded", async () => {
  const wasm = Buffer.from("not wasm");
  await expect(
    loadPolicyEvaluator({ wasm, entrypoints: [], data: {}, revision: "r" }),
  ).rejects.toThrow(failing("evaluation"));
});

test("a failure becomes a denial that tells nothing of its cause", () => {
  const denial = denyOnError(new Error("secret"));
  expect(denial).toMatchObject({ effect: "deny", obligations: [], retryable: false });
  expect(JSON.stringify(denial)).not.toContain("secret");
  expect(denyOnError(null).rules[0]?.id).toBe("runtime_error:no_policy");
});
