import { expect, test } from "vitest";
import { ownAccess } from "../../testing/fixtures.ts";
import { lookerOf, resourceOf } from "./describe-access.ts";

test("whoever looked is named as well as is known", () => {
  const looker = (actor: string, actorName = "") => lookerOf({ ...ownAccess, actor, actorName });
  expect(looker("person:sam", "Sam Okafor")).toBe("Sam Okafor");
  expect(looker("person:gone")).toBe("gone");
  expect(looker("command-line")).toBe("The operator, at the command line");
  expect(looker("weir")).toBe("Weir itself");
});

test("what was read has words, or its own name", () => {
  expect(resourceOf(ownAccess)).toBe("Export of the ledger");
  expect(resourceOf({ ...ownAccess, resource: "constructor.name" })).toBe("constructor.name");
});
