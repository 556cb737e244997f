import { expect, test } from "vitest";
import { isSelected, selectsAll } from "./letter-selection.ts";

const letter = { code: "CLICKHOUSE_27", sequence: 3 };

test.each([
  [{ code: "", sequences: [] }, true],
  [{ code: "CLICKHOUSE_27", sequences: [] }, true],
  [{ code: "CLICKHOUSE_2", sequences: [] }, false],
  [{ code: "clickhouse_27", sequences: [] }, false],
  [{ code: "", sequences: [1, 3] }, true],
  [{ code: "", sequences: [30] }, false],
  [{ code: "CLICKHOUSE_27", sequences: [30] }, false],
  [{ code: "CLICKHOUSE_6", sequences: [3] }, false],
])("a letter is meant by %j when code and sequence both are: %s", (selection, isMeant) => {
  expect(isSelected({ spool: "proxy-0", ...selection }, letter)).toBe(isMeant);
});

test.each([
  [{ code: "", sequences: [] }, true],
  [{ code: "CLICKHOUSE_27", sequences: [] }, false],
  [{ code: "", sequences: [0] }, false],
])("%j means all letters of its spool: %s", (selection, isAll) => {
  expect(selectsAll({ spool: "proxy-0", ...selection })).toBe(isAll);
});
