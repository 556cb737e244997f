import { expect, test } from "vitest";
import { inOrder } from "./order.ts";

const targets = [
  { name: "a", weight: 1 },
  { name: "b", weight: 3 },
  { name: "c", weight: 6 },
];
const names = (stickyKey: string, random = () => 0) =>
  inOrder(targets, stickyKey, random).map(({ name }) => name);

/** Evenly spread over [0, 1), so that shares come out exactly. */
function shares(draw: (index: number) => string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < 10_000; index += 1) {
    const [first = ""] = draw(index);
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts;
}

test("each target comes first by its weight, and the others follow in their order", () => {
  expect(shares((index) => names("", () => (index + 0.5) / 10_000))).toEqual({
    a: 1_000,
    b: 3_000,
    c: 6_000,
  });
  expect(names("", () => 0)).toEqual(["a", "b", "c"]);
  expect(names("", () => 0.1)).toEqual(["b", "a", "c"]);
  expect(names("", () => 0.999_999)).toEqual(["c", "a", "b"]);
});

test("one key goes one way, whatever chance says; keys together keep to the weights", () => {
  for (const key of ["key-1", "key-2", "日本"]) {
    const order = names(key, () => 0.5);
    for (const random of [0, 0.3, 0.9]) expect(names(key, () => random)).toEqual(order);
  }
  const counts = shares((index) => names(`key-${index}`));
  expect(counts["a"]).toBeGreaterThan(850);
  expect(counts["a"]).toBeLessThan(1_150);
  expect(counts["c"]).toBeGreaterThan(5_750);
  expect(counts["c"]).toBeLessThan(6_250);
});

test("a key's way does not change from one release to the next", () => {
  expect(["key-1", "key-5", "key-8"].map((key) => names(key)[0])).toEqual(["c", "a", "b"]);
});

test("nothing to order is no order", () => {
  expect(inOrder([], "key", () => 0)).toEqual([]);
  expect(inOrder([{ weight: 5 }], "", () => 0.99)).toEqual([{ weight: 5 }]);
});
