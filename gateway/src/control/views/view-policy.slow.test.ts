// Views decided by real Rego, compiled and evaluated as in force.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPolicyCompiler } from "@weir/policies/compiler";
import { defaultEntrypoints, readStarterPolicies } from "@weir/policies/starter";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createStoreFixture, type StoreFixture } from "../testing/control-fixture.ts";
import { writeKeptPolicy } from "../policies/kept-policy.ts";
import type { LoadedPolicy } from "../snapshot/build.ts";
import { keptPolicyFile } from "../policies/kept-policy.ts";
import { keptViewPolicy } from "./kept-view-policy.ts";
import type { ViewQuestion } from "./view.ts";
import { ViewPolicy } from "./view-policy.ts";

const compiler = createPolicyCompiler();
let starter: Readonly<Record<string, string>>;
let fixture: StoreFixture;
let errors: object[];

beforeAll(async () => {
  starter = await readStarterPolicies();
});
afterAll(() => compiler.close());
beforeEach(async () => {
  fixture = await createStoreFixture();
  errors = [];
});
afterEach(() => fixture[Symbol.asyncDispose]());

const finding = (effect: string, id: string, message: string) =>
  `findings contains {"effect": "${effect}", "id": "${id}", "reason": "${message}", "owner": "security", "message": "${message}", "obligations": []}`;

/** The starter with more rules in `weir/view`, built. */
async function policyWith(rules: string, viewFile?: string): Promise<LoadedPolicy> {
  const view = viewFile ?? starter["view/view.rego"] ?? "";
  const files = { ...starter, "view/view.rego": `${view}\n${rules}\n` };
  const { errors: problems, wasm } = await compiler.build({
    files,
    entrypoints: defaultEntrypoints,
  });
  expect(problems).toEqual([]);
  const revision = `${rules.length}:${(viewFile ?? "").length}`;
  return { revision, wasm: wasm.toString("base64"), entrypoints: [...defaultEntrypoints] };
}

function policyOf(loaded: () => LoadedPolicy | null): ViewPolicy {
  const { store, clock } = fixture;
  const log = { error: (fields: object) => errors.push(fields) };
  return new ViewPolicy({ store, loaded, now: () => clock.nowMs, log });
}

const exporting: ViewQuestion = {
  resource: "ledger.export",
  resourceId: "",
  personId: "bob",
  purpose: "audit of November",
};
const budgets: ViewQuestion = { resource: "budgets", resourceId: "", personId: "", purpose: "" };

describe("views by policy", () => {
  test("the starter policies allow what a role allows, and deny rows without a purpose", async () => {
    const loaded = await policyWith("");
    const policy = policyOf(() => loaded);
    for (const question of [exporting, budgets, { ...exporting, personId: "*" }])
      expect(await policy.decide("person:ada", question)).toEqual({
        isAllowed: true,
        ruleIds: [],
        message: "",
      });
    const unsaid = await policy.decide("person:ada", { ...exporting, purpose: " " });
    expect(unsaid).toMatchObject({ isAllowed: false, ruleIds: ["view.no_purpose"] });
  });

  test.each([
    ["who looks", `input.principal.id == "ada"`],
    [
      "their team and cost centre",
      `input.principal.teamId == "alpha"; input.principal.costCenter == "cc-1"`,
    ],
    ["their roles", `"admin" in input.principal.roles`],
    ["what it is", `input.resource.type == "ledger.export"`],
    ["whose it is", `input.view.personId == "bob"; input.view.teamId == "beta"`],
    ["why", `contains(input.view.purpose, "November")`],
    ["when", `startswith(input.time, "2026-11-23T12")`],
    ["what the teams may", `data.weir.teams[input.view.teamId].models == ["sim-*"]`],
  ])("a deny narrows by %s, with its reason", async (_what, condition) => {
    const body = condition.replaceAll("; ", "\n\t");
    const rule = `${finding("deny", "view.no", "Not for you.")} if {\n\t${body}\n}`;
    const loaded = await policyWith(rule);
    const policy = policyOf(() => loaded);
    expect(await policy.decide("person:ada", exporting)).toEqual({
      isAllowed: false,
      ruleIds: ["view.no"],
      message: "Not for you.",
    });
    expect(errors).toEqual([]);
  });

  test("a rule that matches others lets this one through", async () => {
    const rule = `${finding("deny", "view.no", "No.")} if input.principal.id == "bob"`;
    const loaded = await policyWith(rule);
    const policy = policyOf(() => loaded);
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: true });
    expect(await policy.decide("person:bob", exporting)).toMatchObject({ isAllowed: false });
    // Who has left has no role and no team any more, and nothing fails for it.
    expect(await policy.decide("person:gone", exporting)).toMatchObject({ isAllowed: true });
  });

  test("without any rule the role alone decides", async () => {
    const silent = `package weir.view\n\nimport data.weir.lattice\n\n# METADATA\n# entrypoint: true\ndecision := lattice.decide(findings)\n\n${finding("allow", "never", "")} if input.point == "never"`;
    const loaded = await policyWith("", silent);
    expect(await policyOf(() => loaded).decide("person:ada", exporting)).toMatchObject({
      isAllowed: true,
    });
  });

  test("what would need an approval is denied: nobody can approve a view", async () => {
    const loaded = await policyWith(finding("approve", "view.ask", "Ask the works council."));
    expect(await policyOf(() => loaded).decide("person:ada", exporting)).toEqual({
      isAllowed: false,
      ruleIds: ["view.ask"],
      message: "Ask the works council.",
    });
  });

  test.each([
    ["is undefined", `decision := {"effect": "allow"} if input.point == "never"`],
    ["answers with what is no decision", `decision := {"effect": "allow"}`],
    ["answers with a text", `decision := "allow"`],
    [
      "knows another effect",
      `decision := {"effect": "permit", "rules": [], "userMessage": "", "retryable": false, "obligations": []}`,
    ],
    [
      "contradicts itself",
      `decision := {"effect": x, "rules": [], "userMessage": "", "retryable": false, "obligations": []} if some x in ["allow", "deny"]`,
    ],
  ])("a policy that %s denies", async (_what, decision) => {
    const source = `package weir.view\n\n# METADATA\n# entrypoint: true\n${decision}`;
    const loaded = await policyWith("", source);
    const answer = await policyOf(() => loaded).decide("person:ada", exporting);
    expect(answer.isAllowed).toBe(false);
    expect(answer.ruleIds[0]).toMatch(/^runtime_error:/);
    expect(errors).toHaveLength(1);
  });

  test("a deny that names no rule is one all the same", async () => {
    const source = `package weir.view\n\n# METADATA\n# entrypoint: true\ndecision := {"effect": "deny", "rules": [], "userMessage": "", "retryable": false, "obligations": []}`;
    const loaded = await policyWith("", source);
    expect(await policyOf(() => loaded).decide("person:ada", exporting)).toMatchObject({
      isAllowed: false,
      message: "A policy does not allow this view.",
    });
  });

  test("no policy, a damaged one, and a store that does not answer deny", async () => {
    expect(await policyOf(() => null).decide("person:ada", exporting)).toMatchObject({
      isAllowed: false,
      ruleIds: ["runtime_error:no_policy"],
    });
    const loaded = await policyWith("");
    const damaged = { ...loaded, wasm: Buffer.from("no module").toString("base64") };
    expect(await policyOf(() => damaged).decide("person:ada", exporting)).toMatchObject({
      isAllowed: false,
    });
    const policy = policyOf(() => loaded);
    await fixture.store.schema.dropTable("budgetRaises").execute();
    await fixture.store.schema.alterTable("people").renameTo("gone").execute();
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: false });
  });

  test("a new revision is in force with the next view, and a bad one no longer once it is mended", async () => {
    let loaded = await policyWith("");
    const policy = policyOf(() => loaded);
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: true });
    loaded = await policyWith(finding("deny", "view.no", "No."));
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: false });
    loaded = { ...loaded, revision: "bad", wasm: "" };
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: false });
    loaded = await policyWith("");
    expect(await policy.decide("person:ada", exporting)).toMatchObject({ isAllowed: true });
  });

  test("views at the same time are each decided by their own input", async () => {
    const rule = `${finding("deny", "view.no", "No.")} if input.principal.id == "bob"`;
    const loaded = await policyWith(rule);
    const policy = policyOf(() => loaded);
    const actors = Array.from({ length: 20 }, (_none, index) =>
      index % 2 === 0 ? ("person:ada" as const) : ("person:bob" as const),
    );
    const answers = await Promise.all(actors.map((actor) => policy.decide(actor, exporting)));
    expect(answers.map(({ isAllowed }) => isAllowed)).toEqual(
      actors.map((actor) => actor === "person:ada"),
    );
  });
});

describe("a command while no control runs", () => {
  test("goes by the policy that was in force last", async () => {
    const loaded = await policyWith(finding("deny", "view.no", "No."));
    const path = join(fixture.directory, keptPolicyFile);
    const { revision, wasm } = loaded;
    const entrypoints = [...defaultEntrypoints];
    const kept = { revision, wasm, entrypoints, compiler: "x", sources: {}, loadedAtMs: 1 };
    await writeKeptPolicy(path, kept);
    expect(await readFile(path, "utf8")).toContain(revision);
    const decide = await keptViewPolicy(fixture.directory, fixture.context);
    expect(await decide("command-line", exporting)).toMatchObject({ isAllowed: false });
  });

  test("goes by its operator's role where no policy was ever in force", async () => {
    const decide = await keptViewPolicy(fixture.directory, fixture.context);
    expect(await decide("command-line", exporting)).toMatchObject({ isAllowed: true });
  });
});
