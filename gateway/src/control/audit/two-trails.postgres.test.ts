// Two controls fill their own spools from one store. Only PostgreSQL is shared by several.
import { expect, test } from "vitest";
import { failingDisk } from "../../ledger/testing/failing-disk.ts";
import { claimUnpublished } from "./outbox.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { secondControl } from "../testing/second-control.ts";
import { change, idsOf, logged, publishAll, startTrail } from "../testing/trail-fixture.ts";

const refused = { code: "WEIR_AUDIT_UNAVAILABLE" };

test("what both change at once is published once, by one of them, in each spool oldest first", async () => {
  await using first = await createStoreFixture();
  await using second = await secondControl(first);
  await using trailOne = await startTrail(first);
  await using trailTwo = await startTrail(second);
  const changes = Array.from({ length: 300 }, (_, index) =>
    change(index % 2 === 0 ? first.context : second.context, `team-${index}`),
  );
  const publishing = async () => {
    for (let round = 0; round < 20; round += 1)
      await Promise.all([trailOne.publishChanges(), trailTwo.publishChanges()]);
  };
  await Promise.all([...changes, publishing()]);
  await Promise.all([trailOne.publishChanges(), trailTwo.publishChanges()]);
  const rows = await logged(first);
  const order = new Map(rows.map(({ id, sequence }) => [id, sequence]));
  const spools = [await idsOf(first), await idsOf(second)];
  expect(spools.flat().toSorted()).toEqual([...order.keys()].toSorted());
  for (const ids of spools) {
    expect(ids.length).toBeGreaterThan(0);
    const sequences = ids.map((id) => order.get(id) ?? 0);
    expect(sequences).toEqual(sequences.toSorted((left, right) => left - right));
  }
  expect(rows.every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
});

test("of claims made at the same time no two have a change in common, and none is left out", async () => {
  await using first = await createStoreFixture();
  await using second = await secondControl(first);
  for (let index = 0; index < 60; index += 1) await change(first.context, `team-${index}`);
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      claimUnpublished(index % 2 === 0 ? first.store : second.store, {
        controlId: `control ${index}`,
        limit: 9,
        atMs: 1,
      }),
    ),
  );
  const ids = claims.flat().map(({ id }) => id);
  expect(ids.toSorted()).toEqual((await logged(first)).map(({ id }) => id).toSorted());
});

test("a change that the other has claimed is left to it, also when it was killed meanwhile", async () => {
  await using first = await createStoreFixture();
  await using second = await secondControl(first);
  await publishAll(first);
  await publishAll(second);
  await change(first.context, "claimed by the first");
  const [published] = await logged(first);
  const claims = first.store.updateTable("adminLog");
  await claims
    .set({ claimedBy: published?.claimedBy ?? "", claimedAtMs: 1 })
    .where("publishedAtMs", "is", null)
    .execute();
  await publishAll(second);
  expect((await logged(first)).at(-1)?.publishedAtMs).toBeNull();
  expect(await idsOf(second)).toEqual([]);
  await publishAll(first);
  expect(await idsOf(first)).toEqual((await logged(first)).map(({ id }) => id));
});

test("a control that cannot record refuses its own changes and those of commands, not the other's", async () => {
  await using first = await createStoreFixture();
  await using second = await secondControl(first);
  const { disk, files } = failingDisk();
  await using sick = await startTrail(first, files);
  await using well = await startTrail(second);
  const ofSick = { ...first.context, assertRecordable: sick.assertRecordable, now: Date.now };
  const ofWell = { ...second.context, assertRecordable: well.assertRecordable, now: Date.now };
  const ofCommand = { ...second.context, now: Date.now };
  disk.fault = "ENOSPC";
  await change(ofSick, "seen by both");
  // Either may take it; the sick one has to fail once to know that it is.
  for (let tries = 0; sick.status().outbox.isAccepting && tries < 200; tries += 1) {
    await change(ofWell, `try ${tries}`);
    await sick.publishChanges().catch(() => undefined);
  }
  await expect(change(ofSick, "in the sick one")).rejects.toMatchObject(refused);
  await expect(change(ofCommand, "in a command")).rejects.toMatchObject(refused);
  await change(ofWell, "in the other");
  await well.publishChanges();
  await expect(change(ofCommand, "in a command still")).rejects.toMatchObject(refused);
  disk.fault = "";
  await expect.poll(() => sick.status().outbox.isAccepting, { timeout: 10_000 }).toBe(true);
  await change(ofCommand, "in a command again");
  await sick.publishChanges();
  await well.publishChanges();
  const ids = [...(await idsOf(first)), ...(await idsOf(second))];
  expect(ids.toSorted()).toEqual((await logged(first)).map(({ id }) => id).toSorted());
});
