// What a SIGKILL in the middle of any verb leaves behind, with real processes and files.
import { expect, test } from "vitest";
import { actAndDie } from "../testing/act-and-die.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { storeState } from "../testing/store-state.ts";
import { logged, publishAll, spooled } from "../testing/trail-fixture.ts";
import { verbs } from "../testing/verbs.ts";

const names = Object.keys(verbs);

test.each(names)("%s, killed before its commit, was never done, and can be done", async (name) => {
  await using fixture = await createStoreFixture();
  const verb = verbs[name];
  const prepared = (await verb?.prepare?.(fixture)) ?? "";
  await publishAll(fixture);
  const before = JSON.stringify(await storeState(fixture.store));
  const rows = (await spooled(fixture)).length;
  const killed = await actAndDie(fixture, { name, prepared }, "recorded, not committed");
  expect(killed).toBe("SIGKILL");
  expect(JSON.stringify(await storeState(fixture.store))).toBe(before);
  await publishAll(fixture);
  expect(await spooled(fixture)).toHaveLength(rows);
  await verb?.act(fixture, prepared);
  await publishAll(fixture);
  const added = (await spooled(fixture)).slice(rows);
  expect(added.map(({ action }) => action)).toEqual(verb?.rows);
});

test.each(names)("%s, killed right after its commit, is published once", async (name) => {
  await using fixture = await createStoreFixture();
  const verb = verbs[name];
  const prepared = (await verb?.prepare?.(fixture)) ?? "";
  const before = (await logged(fixture)).length;
  const killed = await actAndDie(fixture, { name, prepared }, "committed, not published");
  expect(killed).toBe("SIGKILL");
  const log = await logged(fixture);
  expect(log.slice(before).map(({ action }) => action)).toEqual(verb?.rows);
  for (let start = 0; start < 2; start += 1) await publishAll(fixture);
  expect((await spooled(fixture)).map(({ id }) => id)).toEqual(log.map(({ id }) => id));
});
