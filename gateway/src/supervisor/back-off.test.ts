import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";

test("the wait doubles from failure to failure, up to a bound", () => {
  expect([1, 2, 3, 4].map(backOffMs)).toEqual([100, 200, 400, 800]);
  expect(backOffMs(8)).toBe(10_000);
  expect(backOffMs(10_000)).toBe(10_000);
});
