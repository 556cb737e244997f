import { expect, test } from "vitest";
import type { ErasePersonStep } from "../../control/ledger/operations/erase-person.ts";
import { erasureReport, isErased } from "./erasure-report.ts";

const proof = { columns: 40, rows: [], files: 12, bytes: 9000, inFiles: [], oldParts: 0 };
const done: ErasePersonStep = {
  finished: true,
  stage: "proved",
  counts: { calls: 3 },
  tombstoneId: "0f8c",
  proof,
};

test("a person of whom nothing is left is erased", () => {
  expect(isErased(done)).toBe(true);
  expect(erasureReport(done)).toContain("9000 bytes of 12 files: nothing is left");
});

test("a person whose rows stand in parts that ClickHouse has not yet deleted is not erased", () => {
  const left = { ...done, proof: { ...proof, oldParts: 2 } };
  expect(isErased(left)).toBe(false);
  expect(erasureReport(left)).toContain("2 old parts of tables");
});

test("a person whose id is found in a row or in a file is not erased, and it says where", () => {
  const rows = [{ table: "calls", column: "person_id", rows: 1 }];
  const inFiles = [{ path: "exports/calls.csv", occurrences: 4 }];
  const left = { ...done, proof: { ...proof, rows, inFiles } };
  expect(isErased(left)).toBe(false);
  expect(erasureReport(left)).toContain("calls.person_id: 1 rows");
  expect(erasureReport(left)).toContain("exports/calls.csv: 4 times");
});
