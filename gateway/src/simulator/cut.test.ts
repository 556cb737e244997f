import { describe, expect, it } from "vitest";
import { cutOf, pieceEnds } from "./cut.ts";
import { framing } from "./reply.ts";
import { planWrites } from "./write-plan.ts";

describe("cutOf", () => {
  it("reads offsets in any order and drops what is none", () => {
    expect(cutOf({ "x-simulator-cut": "40, 17,x,0,-1,2.5" })).toEqual({ offsets: [17, 40] });
    expect(cutOf({ "x-simulator-cut-every": "3" })).toEqual({ every: 3 });
    expect(cutOf({ "x-simulator-cut": "x" })).toBeNull();
    expect(cutOf({})).toBeNull();
  });
});

describe("pieceEnds", () => {
  it("ends with the body's end, once", () => {
    expect(pieceEnds({ every: 3 }, 6)).toEqual([3, 6]);
    expect(pieceEnds({ every: 4 }, 6)).toEqual([4, 6]);
    expect(pieceEnds({ offsets: [2, 2, 9] }, 6)).toEqual([2, 6]);
    expect(pieceEnds({ offsets: [2] }, 0)).toEqual([]);
  });
});

describe("planWrites", () => {
  const steps = [framing("añ"), framing("bc"), framing("d")];
  const text = (cut: Parameters<typeof planWrites>[1], delayed: boolean) =>
    planWrites(steps, cut, delayed).map((write) => Buffer.from(write.bytes).toString("latin1"));

  it("cuts inside a character and ignores the borders of steps", () => {
    expect(text({ offsets: [2, 4] }, false)).toEqual(["aÃ", "±b", "cd"]);
  });

  it("keeps the borders of steps when a pause lies between them", () => {
    expect(text({ offsets: [2] }, true)).toEqual(["aÃ", "±", "bc", "d"]);
    expect(planWrites(steps, { offsets: [2] }, true).map((write) => write.pauses)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("completes each step exactly once, with the write that holds its last byte", () => {
    for (let every = 1; every < 8; every += 1) {
      const writes = planWrites(steps, { every }, false);
      expect(writes.flatMap((write) => write.completes)).toEqual(steps);
      expect(writes.at(-1)?.completes).toContain(steps[2]);
    }
  });
});
