import { expect, test } from "vitest";
import { managerProblems } from "./manager-problems.ts";

const people = (...managers: (string | undefined)[]) =>
  managers.map((manager, index) => ({ id: `p${index}`, manager }));

test.each([
  ["nobody is named", people(undefined, undefined), []],
  ["a line of managers", people("p1", "p2", undefined), []],
  ["somebody who is not there", people("zoe"), [["people", 0, "manager"]]],
  ["oneself", people("p0"), [["people", 0, "manager"]]],
  [
    "a circle, and somebody below it",
    people("p1", "p0", "p0"),
    [
      ["people", 0, "manager"],
      ["people", 1, "manager"],
    ],
  ],
])("%s", (_what, list, paths) => {
  expect(managerProblems({ people: list }).map(({ path }) => path)).toEqual(paths);
});

test("an identity provider may bring the manager", () => {
  const identity = { scim: { tokenEnv: "SCIM_TOKEN" } };
  expect(managerProblems({ people: people("zoe"), identity })).toEqual([]);
  expect(managerProblems({ people: people("p0"), identity })).toHaveLength(1);
});
