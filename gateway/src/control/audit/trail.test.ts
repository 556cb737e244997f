import { existsSync } from "node:fs";
import { open, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { uuidTimeMs } from "../../audit/log/entry-id.ts";
import { ENTRIES_FILE } from "../../audit/log/audit-reader.ts";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import { failingDisk } from "../../ledger/testing/failing-disk.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import {
  startTrail,
  publishAll,
  change,
  spoolOf,
  spooled,
  idsOf,
  logged,
  shipAll,
} from "../testing/trail-fixture.ts";

test("every change goes into the spool under its own id, oldest first, and once", async () => {
  await using fixture = await createStoreFixture();
  await using trail = await startTrail(fixture);
  await change(fixture.context, "alpha", { models: ["*"] });
  await expect.poll(async () => (await logged(fixture)).at(-1)?.publishedAtMs).not.toBeNull();
  await trail.publishChanges();
  const rows = await logged(fixture);
  expect(await idsOf(fixture)).toEqual(rows.map(({ id }) => id));
  expect((await spooled(fixture)).at(-1)).toMatchObject({
    action: "team.update",
    entity_id: "alpha",
    actor: "command-line",
    before: "",
    after: '{"models":["*"]}',
  });
  expect(uuidTimeMs(rows.at(-1)?.id ?? "")).toBe(fixture.clock.nowMs);
});

test("what was changed while no Weir ran is published at the start, also by the hundred", async () => {
  await using fixture = await createStoreFixture();
  for (let index = 0; index < 230; index += 1) await change(fixture.context, `team-${index}`);
  await publishAll(fixture);
  expect(await idsOf(fixture)).toEqual((await logged(fixture)).map(({ id }) => id));
});

test("a change that is in the spool, and that nobody came to mark, is not published again", async () => {
  await using fixture = await createStoreFixture();
  await publishAll(fixture);
  await fixture.store.updateTable("adminLog").set({ publishedAtMs: null }).execute();
  await publishAll(fixture);
  const rows = await logged(fixture);
  expect(await idsOf(fixture)).toEqual(rows.map(({ id }) => id));
  expect(rows.every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
});

test("nor is one that has left the spool already: the audit log knows it", async () => {
  await using fixture = await createStoreFixture();
  await using first = await startTrail(fixture);
  await shipAll(fixture, first);
  await first.close();
  await fixture.store.updateTable("adminLog").set({ publishedAtMs: null }).execute();
  await using second = await startTrail(fixture);
  await shipAll(fixture, second);
  const { length } = await logged(fixture);
  expect(second.status().audit.leaves).toBe(length);
  expect((await logged(fixture)).every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
});

test("a claim of which nothing came is published by the next start", async () => {
  await using fixture = await createStoreFixture();
  await fixture.store.updateTable("adminLog").set({ claimedAtMs: 1 }).execute();
  await publishAll(fixture);
  expect(await idsOf(fixture)).toEqual((await logged(fixture)).map(({ id }) => id));
});

test("a document that no record can hold stays in the store, and its digest goes into the ledger", async () => {
  await using fixture = await createStoreFixture();
  await change(fixture.context, "big", { text: "\0".repeat(200_000) });
  await publishAll(fixture);
  const after = (await spooled(fixture)).at(-1)?.["after"] ?? "";
  expect(JSON.parse(after)).toEqual({
    omitted: { bytes: 1_200_011, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

const refused = { code: "WEIR_AUDIT_UNAVAILABLE", status: 503 };

test.each([
  ["full", "ENOSPC"],
  ["broken", "EIO"],
])(
  "while the disk is %s changes are refused before they commit, in every process; then it goes on",
  async (_what, code) => {
    await using fixture = await createStoreFixture();
    const { disk, files } = failingDisk();
    await using trail = await startTrail(fixture, files);
    const own = { ...fixture.context, assertRecordable: trail.assertRecordable, now: Date.now };
    const others = { ...fixture.context, now: Date.now };
    disk.fault = code;
    disk.partial = 40;
    await change(own, "committed just before");
    await expect(trail.publishChanges()).rejects.toHaveProperty("code");
    const before = await logged(fixture);
    await expect(change(own, "in this process")).rejects.toMatchObject(refused);
    await expect(change(others, "in another")).rejects.toMatchObject(refused);
    expect(await logged(fixture)).toHaveLength(before.length);
    expect(trail.status().outbox).toMatchObject({ isAccepting: false, unpublishedChanges: 1 });
    disk.fault = "";
    disk.partial = 0;
    await expect.poll(() => trail.status().outbox.isAccepting, { timeout: 10_000 }).toBe(true);
    await change(own, "again");
    await change(others, "again");
    await trail.publishChanges();
    expect(await idsOf(fixture)).toEqual((await logged(fixture)).map(({ id }) => id));
  },
);

test("a full spool refuses changes and accesses until it is shipped", async () => {
  await using fixture = await createStoreFixture();
  await using trail = await startTrail(fixture);
  const context = { ...fixture.context, assertRecordable: trail.assertRecordable };
  const large = { text: "x".repeat(200_000) };
  for (let count = 0; trail.status().outbox.isAccepting; count += 1) {
    await change(context, `large ${count}`, large);
    await trail.publishChanges();
  }
  await expect(change(context, "one more")).rejects.toMatchObject(refused);
  await expect(trail.recordAccess(accessOf("one more"))).rejects.toMatchObject(refused);
  await shipAll(fixture, trail);
  await expect.poll(() => trail.status().outbox.isAccepting, { timeout: 5_000 }).toBe(true);
  await change(context, "one more");
});

test("a change that was written but not synced waits to be shipped, and is not published twice", async () => {
  await using fixture = await createStoreFixture();
  const { disk, files } = failingDisk();
  await using trail = await startTrail(fixture, files);
  disk.syncFault = "EIO";
  await change(fixture.context, "doubtful");
  await expect(trail.publishChanges()).rejects.toThrow("could not sync");
  disk.syncFault = "";
  await expect(trail.publishChanges()).rejects.toThrow("waits to be shipped");
  await shipAll(fixture, trail);
  await trail.publishChanges();
  const { length } = await logged(fixture);
  await shipAll(fixture, trail);
  expect(trail.status().audit.leaves).toBe(length);
  expect(trail.status().outbox).toMatchObject({ isAccepting: true, unpublishedChanges: 0 });
});

function accessOf(id: string): AccessEvent {
  const event = { actor: "person:ada", personId: "bob", resource: "ledger.export" };
  return { id, atMs: Date.now(), ...event, purpose: "audit", question: "{}" };
}

test("an access is on the disk before its data may be handed out, or it must not be", async () => {
  await using fixture = await createStoreFixture();
  const { disk, files } = failingDisk();
  await using trail = await startTrail(fixture, files);
  const { syncs } = disk;
  await trail.recordAccess(accessOf("first"));
  expect(disk.syncs).toBe(syncs + 1);
  disk.syncFault = "EIO";
  await expect(trail.recordAccess(accessOf("second"))).rejects.toMatchObject(refused);
  disk.syncFault = "";
});

test("a spool that cannot be opened refuses changes, not the start", async () => {
  await using fixture = await createStoreFixture();
  await writeFile(join(fixture.directory, "spool"), "in the way");
  await using trail = await startTrail(fixture);
  expect(trail.assertRecordable).toThrow(expect.objectContaining(refused));
  await rm(join(fixture.directory, "spool"));
  await expect.poll(() => trail.status().outbox.isAccepting, { timeout: 10_000 }).toBe(true);
});

test("a damaged audit log stops shipping, is shown, and goes on once it is mended", async () => {
  await using fixture = await createStoreFixture();
  await using first = await startTrail(fixture);
  await shipAll(fixture, first);
  await first.close();
  const entries = join(fixture.directory, "audit", ENTRIES_FILE);
  const flip = async () => {
    const file = await open(entries, "r+");
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 60);
    byte.writeUInt8(byte.readUInt8() ^ 1);
    await file.write(byte, 0, 1, 60);
    await file.close();
  };
  const checkpoint = (await readdir(join(fixture.directory, "audit"))).filter((name) =>
    name.startsWith("checkpoint"),
  );
  for (const name of checkpoint) await rm(join(fixture.directory, "audit", name));
  await flip();
  await using trail = await startTrail(fixture);
  await change(fixture.context, "meanwhile");
  await trail.publishChanges();
  await expect(shipAll(fixture, trail)).rejects.toMatchObject({ code: "WEIR_AUDIT_DAMAGED" });
  expect(trail.status().audit).toMatchObject({ state: "unavailable", leaves: 0 });
  expect(trail.status().audit.lastError).toContain("damaged");
  expect(existsSync(spoolOf(fixture))).toBe(true);
  await flip();
  await trail.audit.open();
  const { length } = await logged(fixture);
  expect(trail.status().audit).toMatchObject({ state: "open", lastError: "", leaves: length - 1 });
});

test("the last head covers all that was shipped", async () => {
  await using fixture = await createStoreFixture();
  await using trail = await startTrail(fixture);
  await shipAll(fixture, trail);
  await trail.close();
  await using again = await startTrail(fixture);
  const { leaves, head, unsignedLeaves } = again.status().audit;
  expect([head?.size, unsignedLeaves]).toEqual([leaves, 0]);
});
