import { describe, expect, it } from "vitest";
import { byRound, percentile, spreadOf } from "./statistics.ts";

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it("is the nearest rank, whatever the order of the values", () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
  });

  it("is a value that was measured, also of few values", () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([10, 2], 0.5)).toBe(2);
    expect(percentile([10, 2], 0.51)).toBe(10);
  });

  it("sorts by size and not by text", () => {
    expect(percentile([9, 10, 100], 0.5)).toBe(10);
  });

  it("is no number for no values", () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe("spreadOf", () => {
  it("takes the mean of the middle two of an even count", () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
    expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 });
  });

  it("leaves the values as they were", () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("byRound", () => {
  it("pairs the values of one round", () => {
    expect(byRound([3, 5], [1, 2], (left, right) => left - right)).toEqual([2, 3]);
  });

  it("refuses series of different length", () => {
    expect(() => byRound([1], [], Math.min)).toThrow(RangeError);
  });
});
