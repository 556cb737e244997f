import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decideDeviceLogin } from "../../identity/device/confirm.ts";
import { beginDeviceLogin } from "../../identity/device/device-login.ts";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { bindIdentity } from "../../identity/oidc/claimed-person.ts";
import { endSession } from "../../identity/session.ts";
import type { DirectoryPlan } from "../directory/plan.ts";
import { syncDirectory } from "../directory/sync.ts";
import { createGrant } from "../delegation/grant.ts";
import { revokeGrant } from "../delegation/revoke-grant.ts";
import { raiseBudget } from "../budgets/raise.ts";
import { changeMembers } from "../scim/groups/change-members.ts";
import { createGroup, deleteGroup, updateGroup } from "../scim/groups/write-group.ts";
import { deleteUser } from "../scim/users/delete-user.ts";
import { noAttributes } from "../scim/users/user-attributes.ts";
import { createUser, updateUser } from "../scim/users/write-user.ts";
import { testRules } from "../testing/scim-fixture.ts";
import { createKey } from "../keys/create.ts";
import { revokeKey } from "../keys/revoke.ts";
import { rotateKey } from "../keys/rotate.ts";
import { recordPolicy } from "../policies/record-policy.ts";
import {
  type ControlFixture,
  createControlFixture,
  plan,
  testBudgets,
} from "../testing/control-fixture.ts";

interface Verb {
  /** Brings things to where the verb can be used. */
  readonly prepare?: (fixture: ControlFixture) => Promise<string>;
  readonly act: (fixture: ControlFixture, prepared: string) => Promise<unknown>;
}

const [alpha, beta] = plan.teams;
const [ada, bob] = plan.people;
if (alpha === undefined || beta === undefined || ada === undefined || bob === undefined)
  throw new Error("the plan has two teams and two people");
const follow = (changes: Partial<DirectoryPlan>) => (fixture: ControlFixture) =>
  syncDirectory(fixture.context, { ...plan, ...changes });
const signIn = async ({ context }: ControlFixture) =>
  (await redeemLoginToken(context, await createLoginToken(context, { personId: "ada" }))) ?? "";
const beginDevice = async ({ context }: ControlFixture) =>
  (await beginDeviceLogin(context, "laptop")).userCode;
const decide =
  (approve: boolean) =>
  ({ context }: ControlFixture, userCode: string) =>
    decideDeviceLogin(context, { personId: "bob", userCode, approve });
const range = { from: "2026-11-01", to: "2026-11-02", dryRun: false };

const user = { ...noAttributes, userName: "cleo" };
const newUser = async ({ context }: ControlFixture) =>
  (await createUser(context, testRules, user)).id;
const group = { displayName: "staff", externalId: null, members: new Set<string>() };
const newGroup = async ({ context }: ControlFixture) =>
  (await createGroup(context, testRules, group)).id;
/** A group with one member. */
const newMember = async (fixture: ControlFixture) => {
  const members = new Set([await newUser(fixture)]);
  return (await createGroup(fixture.context, testRules, { ...group, members })).id;
};
const putMembers =
  (...members: string[]) =>
  ({ context, store }: ControlFixture, groupId: string) =>
    store.transaction().execute(async (transaction) => {
      const named = { id: groupId, displayName: "staff" };
      await changeMembers(transaction, context, named, new Set(members));
    });
const grantTriage = ({ context, clock }: ControlFixture) =>
  createGrant(context, {
    personId: "ada",
    grant: { agent: "bob/triage", scopes: ["llm:call"], untilMs: clock.nowMs + 1 },
    serviceIds: new Set(),
  });

const verbs: Readonly<Record<string, Verb>> = {
  "budget.raise": {
    act: ({ context, clock }) =>
      raiseBudget(
        context,
        { budgets: testBudgets },
        { budgetId: "each-month", by: 5, untilMs: clock.nowMs + 1, of: "", reason: "" },
      ),
  },
  "grant.create": { act: grantTriage },
  "grant.revoke": {
    prepare: async (fixture) => (await grantTriage(fixture)).id,
    act: ({ context }, grantId) => revokeGrant(context, { grantId }),
  },
  "key.create": {
    act: ({ context }) => createKey(context, { name: "ci", personId: "bob" }),
  },
  "key.revoke": {
    prepare: async ({ context }) =>
      (await createKey(context, { name: "ci", personId: "bob" })).record.id,
    act: ({ context }, keyId) => revokeKey(context, { keyId }),
  },
  "key.rotate": {
    prepare: async ({ context }) =>
      (await createKey(context, { name: "ci", personId: "bob" })).record.id,
    act: ({ context }, keyId) => rotateKey(context, { keyId, overlapMs: 60_000 }),
  },
  "device-login.approve": { prepare: beginDevice, act: decide(true) },
  "device-login.deny": { prepare: beginDevice, act: decide(false) },
  "login-link.create": { act: ({ context }) => createLoginToken(context, { personId: "bob" }) },
  "scim-user.create": { act: ({ context }) => createUser(context, testRules, user) },
  "scim-user.update": {
    prepare: newUser,
    act: ({ context }, id) =>
      updateUser(context, testRules, {
        id,
        ifMatch: null,
        change: (before) => ({ ...before, displayName: "Cleo" }),
      }),
  },
  "scim-user.delete": {
    prepare: newUser,
    act: ({ context }, id) => deleteUser(context, testRules, { id, ifMatch: null }),
  },
  "scim-group.create": { act: ({ context }) => createGroup(context, testRules, group) },
  "scim-group.update": {
    prepare: newGroup,
    act: ({ context }, id) =>
      updateGroup(context, testRules, {
        id,
        ifMatch: null,
        change: (before) => ({ ...before, displayName: "all staff" }),
      }),
  },
  "scim-group.delete": {
    prepare: newGroup,
    act: ({ context }, id) => deleteGroup(context, testRules, { id, ifMatch: null }),
  },
  "scim-member.add": {
    prepare: async (fixture) => {
      const id = await newUser(fixture);
      return JSON.stringify([await newGroup(fixture), id]);
    },
    act: (fixture, prepared) => {
      const [groupId, userId]: string[] = JSON.parse(prepared);
      return putMembers(userId ?? "")(fixture, groupId ?? "");
    },
  },
  "scim-member.remove": { prepare: newMember, act: putMembers() },
  "session.start": {
    prepare: ({ context }) => createLoginToken(context, { personId: "bob" }),
    act: ({ context }, token) => redeemLoginToken(context, token),
  },
  "session.end": { prepare: signIn, act: ({ context }, secret) => endSession(context, secret) },
  "team.create": { act: follow({ teams: [...plan.teams, { ...beta, id: "gamma" }] }) },
  "team.update": { act: follow({ teams: [alpha, { ...beta, costCenter: "cc-3" }] }) },
  "team.remove": {
    prepare: async (fixture) => {
      await follow({ people: [ada] })(fixture);
      return "";
    },
    act: follow({ teams: [alpha], people: [ada] }),
  },
  "person.create": { act: follow({ people: [ada, bob, { ...bob, id: "cleo" }] }) },
  "person.update": { act: follow({ people: [ada, { ...bob, name: "Robert" }] }) },
  "person.remove": { act: follow({ people: [ada] }) },
  "person.bind": {
    act: ({ context, store }) =>
      store.transaction().execute((transaction) =>
        bindIdentity(transaction, context, {
          personId: "bob",
          claimed: {
            issuer: "https://login.example",
            subject: "4711",
            claimedId: "bob",
            name: "",
            groups: [],
            areGroupsLeftOut: false,
          },
        }),
      ),
  },
  "policy.publish": {
    act: ({ context }) => recordPolicy(context, { revision: "r1", sources: { "a.rego": "a" } }),
  },
  "prices.recompute": {
    prepare: async (fixture) => JSON.stringify(await fixture.signIn("ada")),
    act: async ({ app }, headers) =>
      app.inject({
        method: "POST",
        url: "/api/prices/recompute",
        headers: JSON.parse(headers),
        payload: range,
      }),
  },
};

const prices = {
  unpricedModels: () => Promise.resolve({ models: [], asOfMs: 1 }),
  recompute: async function* steps() {
    // Nothing to price.
  },
  idle: () => Promise.resolve(),
};

const refusal = { code: "WEIR_AUDIT_UNAVAILABLE" };

async function logOf({ store }: ControlFixture) {
  return store.selectFrom("adminLog").selectAll().orderBy("sequence").execute();
}

test.each(Object.entries(verbs))("%s writes exactly one row", async (action, verb) => {
  await using fixture = await createControlFixture({ prices });
  const prepared = (await verb.prepare?.(fixture)) ?? "";
  const before = await logOf(fixture);
  await verb.act(fixture, prepared);
  const added = (await logOf(fixture)).slice(before.length);
  expect(added.map((row) => row.action)).toEqual([action]);
  expect(added[0]?.publishedAtMs).toBeNull();
});

test.each(Object.entries(verbs))(
  "%s changes nothing while it cannot be recorded",
  async (_action, verb) => {
    await using fixture = await createControlFixture({ prices });
    const prepared = (await verb.prepare?.(fixture)) ?? "";
    const refuse = fixture.store.updateTable("meta").set({ value: fixture.clock.nowMs + 1 });
    await refuse.where("name", "=", "changes_refused_until_ms").execute();
    const state = async () => {
      const tables = [
        "teams",
        "people",
        "keys",
        "loginTokens",
        "sessions",
        "budgetRaises",
        "grants",
        "adminLog",
        "identities",
        "personHistory",
        "scimUsers",
        "scimGroups",
        "scimMembers",
        "deviceLogins",
      ] as const;
      const rows = tables.map((table) => fixture.store.selectFrom(table).selectAll().execute());
      return JSON.stringify(await Promise.all(rows));
    };
    const before = await state();
    const outcome = await verb.act(fixture, prepared).then(
      (answer) => answer,
      (error: unknown) => error,
    );
    const isAnswer = outcome instanceof Object && "json" in outcome;
    const problem: unknown =
      isAnswer && typeof outcome.json === "function" ? outcome.json() : outcome;
    expect(problem).toMatchObject(refusal);
    expect(await state()).toBe(before);
  },
);

test("the table has every verb that there is", async () => {
  const root = join(import.meta.dirname, "..", "..");
  const found = new Set<string>();
  // Operations on the ledger need one, and their tests have their verbs.
  const isLeftOut = (path: string) => /test|operations\/|erasure\//.test(path);
  for (const path of await readdir(root, { recursive: true })) {
    if (!path.endsWith(".ts") || isLeftOut(path)) continue;
    const text = await readFile(join(root, path), "utf8");
    if (!text.includes("recordChange(")) continue;
    for (const [line] of text.matchAll(/\baction\b\s*[:=].*/g))
      for (const [, verb] of line.matchAll(/"([a-z_-]+\.[a-z_-]+)"/g)) found.add(verb ?? "");
  }
  expect([...found].toSorted()).toEqual(Object.keys(verbs).toSorted());
});
