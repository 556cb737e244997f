import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { createStoreFixture, type StoreFixture } from "../testing/control-fixture.ts";
import { recordPolicy } from "./record-policy.ts";

const first = { revision: "r1", sources: { "b.rego": "b", "a.rego": "a" } };
const second = { revision: "r2", sources: { "a.rego": "changed" } };

async function recorded({ store }: StoreFixture) {
  const rows = store.selectFrom("adminLog").selectAll().where("action", "=", "policy.publish");
  return (await rows.orderBy("sequence").execute()).map(({ entityId, before, after }) => ({
    entityId,
    before: JSON.parse(before ?? "null"),
    after: JSON.parse(after ?? "null"),
  }));
}

test("a revision is recorded with the one before it and the digests of its files", async () => {
  await using fixture = await createStoreFixture();
  await recordPolicy(fixture.context, first);
  await recordPolicy(fixture.context, second);
  expect(await recorded(fixture)).toEqual([
    {
      entityId: "r1",
      before: null,
      after: { files: { "a.rego": hash("sha256", "a"), "b.rego": hash("sha256", "b") } },
    },
    {
      entityId: "r2",
      before: { revision: "r1" },
      after: { files: { "a.rego": hash("sha256", "changed") } },
    },
  ]);
});

test("the same revision at every start is recorded once, and going back to an old one is news", async () => {
  await using fixture = await createStoreFixture();
  for (const policy of [first, first, second, second, first, first])
    await recordPolicy(fixture.context, policy);
  expect((await recorded(fixture)).map(({ entityId }) => entityId)).toEqual(["r1", "r2", "r1"]);
});
