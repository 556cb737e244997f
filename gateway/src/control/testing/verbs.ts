import { decideDeviceLogin } from "../../identity/device/confirm.ts";
import { beginDeviceLogin } from "../../identity/device/device-login.ts";
import { redeemDeviceCode, revokeDeviceKey } from "../../identity/device/redeem.ts";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { endSession } from "../../identity/session.ts";
import { raiseBudget } from "../budgets/raise.ts";
import type { DirectoryPlan } from "../directory/plan.ts";
import { syncDirectory } from "../directory/sync.ts";
import { createKey } from "../keys/create.ts";
import { revokeKey } from "../keys/revoke.ts";
import { rotateKey } from "../keys/rotate.ts";
import { recordPolicy } from "../policies/record-policy.ts";
import { recordedRecompute } from "../record-recompute.ts";
import { delegationVerbs } from "./delegation-verbs.ts";
import { plan, testBudgets } from "./control-fixture.ts";
import { providerVerbs } from "./provider-verbs.ts";
import { scimVerbs } from "./scim-verbs.ts";
import { stopVerbs } from "./stop-verbs.ts";
import type { Verb, VerbFixture } from "./verb.ts";

const [alpha, beta] = plan.teams;
const [ada, bob] = plan.people;
if (alpha === undefined || beta === undefined || ada === undefined || bob === undefined)
  throw new Error("the plan has two teams and two people");

const sync = ["control/directory/sync.ts"];
const writePerson = ["control/directory/write-person.ts"];
const session = ["identity/session.ts"];

const follow = (changes: Partial<DirectoryPlan>) => (fixture: VerbFixture) =>
  syncDirectory(fixture.context, { ...plan, ...changes });
const linkFor = ({ context }: VerbFixture) => createLoginToken(context, { personId: "bob" });
const signInByLink = async (fixture: VerbFixture) =>
  (await redeemLoginToken(fixture.context, await linkFor(fixture))) ?? "";
const keyOf = async ({ context }: VerbFixture) =>
  (await createKey(context, { name: "ci", personId: "bob" })).record.id;
const beginDevice = async ({ context }: VerbFixture) =>
  (await beginDeviceLogin(context, "laptop")).userCode;
const decide =
  (approve: boolean) =>
  ({ context }: VerbFixture, userCode: string) =>
    decideDeviceLogin(context, { personId: "bob", userCode, approve });
const approvedDevice = async ({ context }: VerbFixture) => {
  const { userCode, deviceCode } = await beginDeviceLogin(context, "laptop");
  await decideDeviceLogin(context, { personId: "bob", userCode, approve: true });
  return deviceCode;
};
const redeem = ({ context }: VerbFixture, deviceCode: string) =>
  redeemDeviceCode(context, { deviceCode, keyLifetimeMs: 60_000 });
const deviceKey = async (fixture: VerbFixture) => {
  const granted = await redeem(fixture, await approvedDevice(fixture));
  return "key" in granted ? granted.key : "";
};

/** Every verb of the control store. Those that need the ledger are beside their operations. */
export const verbs: Readonly<Record<string, Verb>> = {
  "raising a budget": {
    rows: ["budget.raise"],
    from: ["control/budgets/raise.ts"],
    over: "POST /api/budgets/{id}/raises",
    act: ({ context, clock }) =>
      raiseBudget(
        context,
        { budgets: testBudgets },
        { budgetId: "each-month", by: 5, untilMs: clock.nowMs + 1, of: "", reason: "" },
      ),
  },
  "creating a key": {
    rows: ["key.create"],
    from: ["control/keys/create.ts"],
    over: "POST /api/keys",
    act: ({ context }) => createKey(context, { name: "ci", personId: "bob" }),
  },
  "revoking a key": {
    rows: ["key.revoke"],
    from: ["control/keys/revoke.ts"],
    over: "DELETE /api/keys/{id}",
    prepare: keyOf,
    act: ({ context }, keyId) => revokeKey(context, { keyId }),
  },
  "rotating a key": {
    rows: ["key.rotate"],
    from: ["control/keys/rotate.ts"],
    over: "POST /api/keys/{id}/rotate",
    prepare: keyOf,
    act: ({ context }, keyId) => rotateKey(context, { keyId, overlapMs: 60_000 }),
  },
  "approving a device": {
    rows: ["device-login.approve"],
    from: ["identity/device/confirm.ts"],
    over: "POST /api/device-login/decide",
    prepare: beginDevice,
    act: decide(true),
  },
  "refusing a device": {
    rows: ["device-login.deny"],
    from: ["identity/device/confirm.ts"],
    over: "POST /api/device-login/decide",
    prepare: beginDevice,
    act: decide(false),
  },
  "giving an approved device its key": {
    rows: ["key.create"],
    from: ["control/keys/create.ts"],
    over: null,
    prepare: approvedDevice,
    act: redeem,
  },
  "revoking a device's key by itself": {
    rows: ["key.revoke"],
    from: ["control/keys/revoke.ts"],
    over: null,
    prepare: deviceKey,
    act: ({ context }, key) => revokeDeviceKey(context, key),
  },
  "making a login link": {
    rows: ["login-link.create"],
    from: ["identity/login-link.ts"],
    over: null,
    act: linkFor,
  },
  "signing in by a link": {
    rows: ["session.start"],
    from: session,
    over: null,
    prepare: linkFor,
    act: ({ context }, token) => redeemLoginToken(context, token),
  },
  "signing out": {
    rows: ["session.end"],
    from: session,
    over: "POST /api/session/end",
    prepare: signInByLink,
    act: ({ context }, secret) => endSession(context, secret),
  },
  ...providerVerbs,
  ...scimVerbs,
  ...delegationVerbs,
  ...stopVerbs,
  "naming a new team": {
    rows: ["team.create"],
    from: sync,
    over: null,
    act: follow({ teams: [...plan.teams, { ...beta, id: "gamma" }] }),
  },
  "changing a team": {
    rows: ["team.update"],
    from: sync,
    over: null,
    act: follow({ teams: [alpha, { ...beta, costCenter: "cc-3" }] }),
  },
  "leaving a team out": {
    rows: ["team.remove"],
    from: sync,
    over: null,
    prepare: async (fixture) => {
      await follow({ people: [ada] })(fixture);
      return "";
    },
    act: follow({ teams: [alpha], people: [ada] }),
  },
  "naming a new person": {
    rows: ["person.create"],
    from: writePerson,
    over: null,
    act: follow({ people: [ada, bob, { ...bob, id: "cleo" }] }),
  },
  "changing a person": {
    rows: ["person.update"],
    from: writePerson,
    over: null,
    act: follow({ people: [ada, { ...bob, name: "Robert" }] }),
  },
  "leaving a person out": {
    rows: ["person.remove"],
    from: writePerson,
    over: null,
    act: follow({ people: [ada] }),
  },
  "publishing a policy": {
    rows: ["policy.publish"],
    from: ["control/policies/record-policy.ts"],
    over: null,
    act: ({ context }) => recordPolicy(context, { revision: "r1", sources: { "a.rego": "a" } }),
  },
  "pricing calls anew": {
    rows: ["prices.recompute"],
    from: ["control/record-recompute.ts"],
    over: "POST /api/prices/recompute",
    act: async ({ context }) => {
      const range = { from: "2026-11-01", to: "2026-11-02", dryRun: false };
      const nothing = { recompute: async function* steps() {} };
      await Array.fromAsync(recordedRecompute(context, nothing, range));
    },
  },
};
