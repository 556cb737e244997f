// Two controls with one store, of which now one is killed, now the other: real processes and files.
import { expect, test } from "vitest";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { publishAndDie, publishingSteps } from "../testing/publish-and-die.ts";
import { secondControl } from "../testing/second-control.ts";
import { idsOf, logged } from "../testing/trail-fixture.ts";

test("killed at one step after another while the other works, each change is in one spool, once", async () => {
  await using first = await createStoreFixture();
  await using second = await secondControl(first);
  for (const step of publishingSteps) {
    await Promise.all([publishAndDie(first, step), publishAndDie(second, "")]);
    await Promise.all([publishAndDie(first, ""), publishAndDie(second, step)]);
  }
  const killed = await Promise.all([
    publishAndDie(first, "claimed"),
    publishAndDie(second, "synced"),
  ]);
  expect(killed).toContain("SIGKILL");
  expect(await publishAndDie(first, "")).toBeNull();
  expect(await publishAndDie(second, "")).toBeNull();
  const rows = await logged(first);
  const ids = [...(await idsOf(first)), ...(await idsOf(second))];
  expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  expect(rows.every(({ publishedAtMs }) => publishedAtMs !== null)).toBe(true);
});
