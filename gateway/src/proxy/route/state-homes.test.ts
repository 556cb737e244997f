import { expect, test } from "vitest";
import { StateHomes } from "./state-homes.ts";

test("the first id whose home is known decides", () => {
  const homes = new StateHomes();
  homes.keep(["resp_1", "file_1"], "a");
  homes.keep(["resp_2"], "b");
  expect(homes.find(["resp_1"])).toBe("a");
  expect(homes.find(["unknown", "resp_2", "file_1"])).toBe("b");
  expect(homes.find(["unknown"])).toBeUndefined();
  expect(homes.find([])).toBeUndefined();
});

test("an id that is kept again has moved", () => {
  const homes = new StateHomes();
  homes.keep(["x"], "a");
  homes.keep(["x"], "b");
  expect(homes.find(["x"])).toBe("b");
});

test("attack: more ids than can be remembered push out the oldest, not the ones in use", () => {
  const homes = new StateHomes();
  homes.keep(["old", "used"], "a");
  for (let count = 0; count < 40_000; count += 1) homes.keep([`id-${count}`], "b");
  homes.keep(["used"], "a");
  for (let count = 40_000; count < 60_000; count += 1) homes.keep([`id-${count}`], "b");
  expect(homes.find(["old"])).toBeUndefined();
  expect(homes.find(["id-0"])).toBeUndefined();
  expect(homes.find(["used"])).toBe("a");
  expect(homes.find(["id-59999"])).toBe("b");
});
