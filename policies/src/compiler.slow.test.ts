import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPolicyCompiler, type PolicyFiles } from "./compiler.ts";
import { loadPolicyEvaluator } from "./evaluate.ts";
import { defaultEntrypoints, readStarterPolicies } from "./starter.ts";

const compiler = createPolicyCompiler();
let starter: PolicyFiles;
beforeAll(async () => {
  starter = await readStarterPolicies();
});
afterAll(() => compiler.close());

const examples = new URL("../examples/", import.meta.url);
const example = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(name, examples), "utf8"));
const exampleNames = readdirSync(examples).filter(
  (name) => name.endsWith(".json") && name !== "data.json",
);

describe("the starter policies", () => {
  test("pass their tests and are covered by at least 95 %", async () => {
    const run = await compiler.test(starter, { coverage: true });
    expect(run.errors).toEqual([]);
    expect(run.tests.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    expect(run.tests.length).toBeGreaterThan(20);
    expect(run.coverage?.percent).toBeGreaterThanOrEqual(95);
  });

  test("are formatted", async () => {
    expect((await compiler.fmt(starter)).files).toEqual(starter);
  });

  test.each(exampleNames)("are decided alike by both engines: %s", async (name) => {
    const input = Object(example(name));
    const data = Object(example("data.json"));
    const { wasm, errors } = await compiler.build({
      files: starter,
      entrypoints: defaultEntrypoints,
    });
    expect(errors).toEqual([]);
    const evaluator = await loadPolicyEvaluator({
      wasm,
      entrypoints: defaultEntrypoints,
      data,
      revision: "test",
    });
    const point = String(Object(input).point);
    const query = `data.weir.${point}.decision`;
    const native = await compiler.eval({ files: starter, query, input, data });
    expect(native.errors).toEqual([]);
    expect(native.defined).toBe(true);
    expect(evaluator.decide(point, input)).toEqual(native.result);
  });

  test("deny at every decision point that nobody asks yet", async () => {
    const { wasm } = await compiler.build({ files: starter, entrypoints: defaultEntrypoints });
    const data = { weir: { teams: {} } };
    const evaluator = await loadPolicyEvaluator({
      wasm,
      entrypoints: defaultEntrypoints,
      data,
      revision: "test",
    });
    for (const point of ["tool_list", "tool_call", "tool_result"]) {
      expect(evaluator.decide(point, { point }).effect).toBe("deny");
    }
  });
});

const at = (file: string, row: number, column: number, message: RegExp) =>
  expect.objectContaining({ file, row, column, message: expect.stringMatching(message) });

describe("checking a policy", () => {
  const typed = "# METADATA\n# scope: package\n# schemas:\n#   - input: schema.input\n";

  test("finds nothing wrong with a good one", async () => {
    expect(await compiler.check({ "a.rego": "package a\n\nallow if input.x == 1\n" })).toEqual([]);
  });

  test.each([
    ["a syntax error", "package a\n\nallow if {\n", 4, /./],
    [
      "a built-in that enforcement lacks",
      "package a\n\nallow if http.send({}).x\n",
      3,
      /http\.send/,
    ],
    ["a clock", "package a\n\nallow if time.now_ns() > 1\n", 3, /time\.now_ns/],
    ["an unused variable", "package a\n\nallow if {\n\tx := 1\n}\n", 4, /x unused/],
    [
      "a field that the input does not have",
      `${typed}package a\n\nallow if input.call.modle == ""\n`,
      7,
      /modle/,
    ],
    [
      "a format that the engines render differently",
      'package a\n\nx := sprintf("%v", [{}])\n',
      3,
      /sprintf/,
    ],
    ["a format that is no literal", "package a\n\nx := sprintf(input.f, [1])\n", 3, /sprintf/],
    [
      "a format with more places than values",
      'package a\n\nx := sprintf("%s %s", ["one"])\n',
      3,
      /as many values/,
    ],
    [
      "a formatting function that stands in for another",
      'package a\n\nx := y if {\n\ty := concat("", ["%v"]) with concat as sprintf\n}\n',
      4,
      /stand in/,
    ],
    [
      "a delimiter that never matches in enforcement",
      'package a\n\nx if glob.match("a*", ["__"], "a")\n',
      3,
      /delimiters/,
    ],
  ])("reports %s with its place", async (_what, source, row, message) => {
    const problems = await compiler.check({ "bad.rego": source, "good.rego": "package good\n" });
    expect(problems[0]).toMatchObject({
      file: "bad.rego",
      row,
      message: expect.stringMatching(message),
    });
  });

  test("reports problems of several files at once", async () => {
    const problems = await compiler.check({ "a.rego": "package a\nx :=", "b.rego": "pakage b" });
    expect(new Set(problems.map(({ file }) => file))).toEqual(new Set(["a.rego", "b.rego"]));
  });

  test("says the column, counted from 1", async () => {
    const problems = await compiler.check({ "a.rego": "package a\n\nallow if http.send({}).x\n" });
    expect(problems).toContainEqual(at("a.rego", 3, 10, /http\.send/));
  });
});

describe("testing a policy", () => {
  const policy = { "p.rego": "package p\n\nallow if input.x == 1\n\ndeny if input.x == 2\n" };

  test("tells which tests failed, where, and which rows none reached", async () => {
    const tests =
      'package p_test\n\nimport data.p\n\ntest_good if p.allow with input as {"x": 1}\n\ntest_bad if p.allow with input as {"x": 3}\n';
    const run = await compiler.test({ ...policy, "p_test.rego": tests }, { coverage: true });
    expect(run.tests.map(({ name, outcome, row }) => [name, outcome, row])).toEqual([
      ["test_good", "pass", 5],
      ["test_bad", "fail", 7],
    ]);
    expect(run.coverage?.files["p.rego"]?.notCovered).toContain(5);
  });

  test("a built-in error is an error of the test, not undefined, as it would be in enforcement", async () => {
    const tests = 'package p_test\n\ntest_error if not json.unmarshal("{")\n';
    const run = await compiler.test({ ...policy, "p_test.rego": tests });
    expect(run.tests[0]?.outcome).toBe("error");
  });
});

describe("the two engines", () => {
  /** What both say to a rule body that has `input.x` and `input.y` to work with. */
  async function both(body: string, input: object, modules: PolicyFiles = {}) {
    const source = `package weir.llm_call\n\ndecision := {"effect": "allow", "rules": [], "userMessage": "", "retryable": false, "obligations": []} if ${body}\n`;
    const files = { ...modules, "p.rego": source };
    const entrypoints = ["weir/llm_call/decision"];
    expect(await compiler.check(files)).toEqual([]);
    const { wasm } = await compiler.build({ files, entrypoints });
    const enforced = await loadPolicyEvaluator({ wasm, entrypoints, data: {}, revision: "test" });
    const native = await compiler.eval({ files, query: "data.weir.llm_call.decision", input });
    let isAllowed = true;
    try {
      enforced.decide("llm_call", input);
    } catch {
      isAllowed = false;
    }
    return { native, isAllowed };
  }

  test.each([
    ["gpt-*", '["."]', "gpt-5", true],
    ["gpt-*", '["."]', "gpt-5.1", false],
    ["*", '["/", ":"]', "org/model:7b", false],
    ["**", '["/", ":"]', "org/model:7b", true],
    ["{a,b}?", '["."]', "bx", true],
  ])("agree on glob.match %s with %s: %s", async (pattern, delimiters, name, matches) => {
    const body = `glob.match(input.x, ${delimiters}, input.y)`;
    const { native, isAllowed } = await both(body, { x: pattern, y: name });
    expect([native.defined, isAllowed]).toEqual([matches, matches]);
  });

  // A known difference of OPA's WebAssembly runtime: policies must not build on a failing built-in.
  test.each([
    ["not json.unmarshal(input.x)", "{"],
    ["not to_number(input.x)", "x"],
    ["not regex.match(input.x, input.y)", "("],
    ["not net.cidr_contains(input.x, input.y)", "nowhere"],
  ])("differ on a failing built-in: tests stop, enforcement goes on (%s)", async (body, x) => {
    const { native, isAllowed } = await both(body, { x, y: "10.0.0.1" });
    expect(native.errors[0]?.code).toBe("eval_builtin_error");
    expect(isAllowed).toBe(true);
  });
});

test("an evaluation shows how it came to its result", async () => {
  const files = { "p.rego": "package p\n\nallow if input.x == 1\n" };
  const evaluated = await compiler.eval({
    files,
    query: "data.p.allow",
    input: { x: 1 },
    trace: true,
  });
  expect(evaluated).toMatchObject({ errors: [], defined: true, result: true });
  expect(evaluated.trace).toContain("input.x = 1");
  expect(await compiler.eval({ files, query: "data.p.allow", input: { x: 2 } })).toMatchObject({
    defined: false,
    trace: "",
  });
});

test("a policy that never ends is stopped, and the next request is served", async () => {
  const hasty = createPolicyCompiler({ deadlineMs: 1_500 });
  const slow =
    "package p\n\nx := count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); a * b == -1])\n";
  try {
    await expect(
      hasty.eval({ files: { "p.rego": slow }, query: "data.p.x" }),
    ).rejects.toMatchObject({
      code: "WEIR_POLICY_COMPILER_TIMEOUT",
    });
    expect(await hasty.check({ "p.rego": "package p\n" })).toEqual([]);
  } finally {
    await hasty.close();
  }
});

test("a worker is replaced when it has served its time, without a request being lost", async () => {
  const recycled = createPolicyCompiler({ maxRequests: 2 });
  try {
    const files = { "p.rego": "package p\n" };
    const answers = await Promise.all(Array.from({ length: 7 }, () => recycled.check(files)));
    expect(answers).toEqual(Array.from({ length: 7 }, () => []));
  } finally {
    await recycled.close();
  }
  await expect(recycled.check({})).rejects.toMatchObject({ code: "WEIR_POLICY_COMPILER_CLOSED" });
});
