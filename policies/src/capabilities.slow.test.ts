import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { createPolicyCompiler } from "./compiler.ts";
import { loadPolicyEvaluator } from "./evaluate.ts";

interface Builtin {
  name: string;
  decl: { args?: unknown[] };
  infix?: string;
}

const { builtins }: { builtins: Builtin[] } = JSON.parse(
  readFileSync(new URL("../capabilities.json", import.meta.url), "utf8"),
);
const native = createPolicyCompiler({ capabilities: "native" });
afterAll(() => native.close());

function callOf({ name, decl }: Builtin): string {
  if (name === "glob.match") return `glob.match(input.x, ["."], input.x)`;
  if (name === "sprintf") return `sprintf("%s", [input.x])`;
  return `${name}(${(decl.args ?? []).map(() => "input.x").join(", ")})`;
}

/** Calls each in enforcement: one that fails is undefined, one that is missing throws. */
async function enforce(calls: readonly string[]): Promise<string> {
  const rules = calls.map((call) => `called contains 1 if ${call} == input.never`).join("\n");
  const source = `package weir.llm_call\n\n${rules}\n\ndecision := {"effect": "allow", "rules": [], "userMessage": "", "retryable": false, "obligations": []} if count(called) == 0\n`;
  const entrypoints = ["weir/llm_call/decision"];
  const { errors, wasm } = await native.build({ files: { "p.rego": source }, entrypoints });
  expect(errors).toEqual([]);
  const policy = await loadPolicyEvaluator({ wasm, entrypoints, data: {}, revision: "test" });
  return policy.decide("llm_call", { x: "1", never: "never" }).effect;
}

const named = builtins.filter(
  ({ name, infix }) => infix === undefined && !name.startsWith("internal."),
);

test("every built-in that check lets through is there in enforcement", async () => {
  expect(named.length).toBeGreaterThan(70);
  expect(await enforce(named.map(callOf))).toBe("allow");
});

test.each(["json.patch(input.x, [])", "time.now_ns()", "crypto.sha256(input.x)"])(
  "a built-in that enforcement lacks would have been found: %s",
  async (call) => {
    expect(named.filter(({ name }) => call.startsWith(`${name}(`))).toEqual([]);
    await expect(enforce([call])).rejects.toThrow("not implemented");
  },
);
