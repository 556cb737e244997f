import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Keeper } from "../budget/keeper.ts";
import { readKeeperFile, writeKeeperFile } from "./keeper-file.ts";

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-keeper-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, "snapshot", "budgets.json");
}

const position = (key: string, spent: number, expiresAtMs = 100) => ({
  key,
  spent,
  held: 5,
  expiresAtMs,
});

test("what is spent comes back, what was held or is over does not, and nobody is named in the file", async () => {
  const file = await newFile();
  const before = new Keeper(() => 50);
  const positions = [position("b|0|ada.okafor", 7), position("b|0|old", 9, 49)];
  before.exchange("w", { positions, wants: [] });
  await writeKeeperFile(file, before.spent());
  expect(await readFile(file, "utf8")).not.toContain("okafor");
  const after = new Keeper(() => 50);
  after.restore(await readKeeperFile(file));
  expect(after.standing("b|0|ada.okafor")).toEqual({ spent: 7, total: 7 });
  expect(after.standing("b|0|old")).toEqual({ spent: 0, total: 0 });
  // The ledger knows the same, and it is not counted twice.
  after.seed([{ key: "b|0|ada.okafor", spent: 7, expiresAtMs: 100 }]);
  expect(after.standing("b|0|ada.okafor").spent).toBe(7);
});

test("counters that nobody has used since are kept for the next start as well", async () => {
  const file = await newFile();
  const before = new Keeper(() => 50);
  before.exchange("w", { positions: [position("b|0|ada", 7)], wants: [] });
  const between = new Keeper(() => 50);
  between.restore(before.spent());
  await writeKeeperFile(file, between.spent());
  const after = new Keeper(() => 50);
  after.restore(await readKeeperFile(file));
  expect(after.standing("b|0|ada").spent).toBe(7);
});

test("a file that is damaged or missing is none", async () => {
  const file = await newFile();
  expect(await readKeeperFile(file)).toEqual([]);
  await writeKeeperFile(file, []);
  await writeFile(file, '{"counters":[{"key"');
  expect(await readKeeperFile(file)).toEqual([]);
});
