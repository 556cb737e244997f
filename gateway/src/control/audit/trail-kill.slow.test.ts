// What a SIGKILL between any two steps of publishing leaves behind, with real processes and files.
import { join } from "node:path";
import { expect, test } from "vitest";
import { adminLayout } from "../../ledger/rows/admin-layout.ts";
import { readLine } from "../../ledger/rows/read-line.ts";
import { readSpool } from "../../ledger/spool/read-spool.ts";
import { createStoreFixture, type StoreFixture } from "../testing/control-fixture.ts";
import { publishAndDie, publishingSteps } from "../testing/publish-and-die.ts";

async function idsInSpool({ directory }: StoreFixture): Promise<string[]> {
  const ids: string[] = [];
  for await (const { version, payload } of readSpool(join(directory, "spool", "control")))
    ids.push(readLine(adminLayout, version, payload.toString("utf8"))["id"] ?? "");
  return ids;
}

test.each(publishingSteps)(
  "killed when a change is %s, the next start has it once",
  async (step) => {
    await using fixture = await createStoreFixture();
    expect(await publishAndDie(fixture, step)).toBe("SIGKILL");
    expect(await publishAndDie(fixture, "")).toBeNull();
    const log = await fixture.store
      .selectFrom("adminLog")
      .selectAll()
      .orderBy("sequence")
      .execute();
    expect(await idsInSpool(fixture)).toEqual(log.map(({ id }) => id));
    expect(log.every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
  },
);

test("killed again and again, at one step after another, each change is there once", async () => {
  await using fixture = await createStoreFixture();
  for (const step of [...publishingSteps, ...publishingSteps.toReversed()])
    expect(await publishAndDie(fixture, step)).toBe("SIGKILL");
  expect(await publishAndDie(fixture, "")).toBeNull();
  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  expect((await idsInSpool(fixture)).toSorted()).toEqual(log.map(({ id }) => id).toSorted());
});
