import { expect, test } from "vitest";
import { DigestTable } from "./digest-table.ts";

test("what was added first stays", () => {
  const table = new DigestTable(65_536);
  table.add(1, 2, 7);
  table.add(1, 2, 8);
  expect(table.get(1, 2)).toBe(7);
  expect(table.get(2, 1)).toBe(0);
});

test("grows to its bound and then leaves out, keeping what it has", () => {
  const table = new DigestTable(49_152);
  for (let at = 1; at <= 10_000; at += 1) table.add(at * 31, at * 17, at);
  expect(table.isFull).toBe(true);
  expect(table.bytes).toBeLessThanOrEqual(49_152);
  for (let at = 1; at <= table.size; at += 1) expect(table.get(at * 31, at * 17)).toBe(at);
  expect(table.get(10_000 * 31, 10_000 * 17)).toBe(0);
});
