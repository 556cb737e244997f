// Two controls that change one store at the same time, each over connections of its own.
import { expect, onTestFinished, test } from "vitest";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { endSession } from "../../identity/session.ts";
import { syncDirectory } from "../directory/sync.ts";
import { createKey } from "../keys/create.ts";
import { revokeKey } from "../keys/revoke.ts";
import { recordPolicy } from "../policies/record-policy.ts";
import { createStoreFixture, plan, type StoreFixture } from "../testing/control-fixture.ts";
import type { ControlContext } from "./change.ts";
import { openStore } from "./open-store.ts";

async function twoControls(): Promise<{ fixture: StoreFixture; contexts: ControlContext[] }> {
  const fixture = await createStoreFixture();
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  const other = await openStore(fixture.target);
  onTestFinished(() => other.destroy());
  return { fixture, contexts: [fixture.context, { ...fixture.context, store: other }] };
}

/** Does the work in both, by turns, all at once. */
async function race<T>(
  contexts: readonly ControlContext[],
  times: number,
  work: (context: ControlContext, index: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const attempts = Array.from({ length: times }, (_, index) => {
    const context = contexts[index % contexts.length];
    if (context === undefined) throw new Error("no control");
    return work(context, index);
  });
  return Promise.allSettled(attempts);
}

async function timesLogged({ store }: StoreFixture, action: string): Promise<number> {
  const rows = await store
    .selectFrom("adminLog")
    .select("id")
    .where("action", "=", action)
    .execute();
  return rows.length;
}

test("of a person's last five places for keys, thirty attempts at once take five", async () => {
  const { fixture, contexts } = await twoControls();
  const { store, clock } = fixture;
  await store.transaction().execute(async (transaction) => {
    for (let index = 0; index < 995; index += 1) {
      const id = `k${index}`;
      const row = { id, lineageId: id, name: "n", hash: `h${index}`, hint: "w", personId: "bob" };
      const times = { createdAtMs: clock.nowMs, expiresAtMs: null, revokedAtMs: null };
      const key = { ...row, ...times, agentId: null, denialStyle: "error" as const };
      await transaction.insertInto("keys").values(key).execute();
    }
  });
  const results = await race(contexts, 30, (context, index) =>
    createKey(context, { name: `k ${index}`, personId: "bob" }),
  );
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(25);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: "WEIR_TOO_MANY_KEYS" });
  expect(await timesLogged(fixture, "key.create")).toBe(5);
});

test("a key that twenty revoke at once is revoked once, and says so once", async () => {
  const { fixture, contexts } = await twoControls();
  const { record } = await createKey(fixture.context, { name: "ci", personId: "bob" });
  const results = await race(contexts, 20, (context) => revokeKey(context, { keyId: record.id }));
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(await timesLogged(fixture, "key.revoke")).toBe(1);
});

test("controls that start with the same new configuration record each of its changes once", async () => {
  const { fixture, contexts } = await twoControls();
  const [ada, bob] = plan.people;
  if (ada === undefined || bob === undefined) throw new Error("the plan has two people");
  const people = [ada, { ...bob, name: "Robert" }, { ...bob, id: "cleo" }];
  const created = await timesLogged(fixture, "person.create");
  const results = await race(contexts, 8, (context) => syncDirectory(context, { ...plan, people }));
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(await timesLogged(fixture, "person.create")).toBe(created + 1);
  expect(await timesLogged(fixture, "person.update")).toBe(1);
});

test("a policy that both put into force is recorded once", async () => {
  const { fixture, contexts } = await twoControls();
  const policy = { revision: "r1", sources: { "a.rego": "a" } };
  const results = await race(contexts, 10, (context) => recordPolicy(context, policy));
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(await timesLogged(fixture, "policy.publish")).toBe(1);
});

test("a session that is ended in both ends once", async () => {
  const { fixture, contexts } = await twoControls();
  const token = await createLoginToken(fixture.context, { personId: "bob" });
  const secret = (await redeemLoginToken(fixture.context, token)) ?? "";
  const results = await race(contexts, 10, (context) => endSession(context, secret));
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(await timesLogged(fixture, "session.end")).toBe(1);
});

test("a change that becomes visible has a higher number than all that were seen before", async () => {
  const { fixture, contexts } = await twoControls();
  const known = new Set<number>();
  const work = { isDone: false };
  const look = async () => {
    const rows = await fixture.store.selectFrom("adminLog").select("sequence").execute();
    const highest = Math.max(0, ...known);
    for (const { sequence } of rows.filter((row) => !known.has(row.sequence))) {
      expect(sequence).toBeGreaterThan(highest);
      known.add(sequence);
    }
  };
  const lookUntilDone = async () => {
    while (!work.isDone) await look();
  };
  const looking = lookUntilDone();
  await race(contexts, 60, (context, index) =>
    createKey(context, { name: `k ${index}`, personId: "bob" }),
  );
  work.isDone = true;
  await looking;
  await look();
  expect(known.size).toBe(64);
});
