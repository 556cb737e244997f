import { expect, test } from "vitest";
import type { StreamMeter } from "../dialect.ts";
import { unknownResponse } from "../response-facts.ts";
import { noTokens } from "../token-counts.ts";
import { checkEveryCut, checkRandomCuts } from "./every-cut.ts";

const bytes = Buffer.from("data: 1\n\ndata: 2\n\ndata: end\n\n");

/** Counts `step` tokens a frame, and at the end says that they were `final`. */
function countingMeter(step: number, final: number, strips = ""): StreamMeter {
  const facts = unknownResponse();
  return {
    frame(frame) {
      const isEnd = frame.includes("end");
      const before = facts.tokens?.inputUncached ?? 0;
      facts.tokens = { ...noTokens(), inputUncached: isEnd ? final : before + step };
      if (strips !== "" && frame.includes(strips)) return "strip";
      return isEnd ? "terminal" : "forward";
    },
    facts: () => facts,
  };
}

test("passes a meter that keeps every byte and never counts more than the whole", () => {
  const stream = { bytes, meter: () => countingMeter(1, 2) };
  expect(checkEveryCut(stream).tokens?.inputUncached).toBe(2);
  checkRandomCuts(stream);
});

test("catches a meter that counts more on the way than at the end", () => {
  const stream = { bytes, meter: () => countingMeter(2, 3) };
  expect(() => checkEveryCut(stream)).toThrow("broken off after");
  expect(() => checkRandomCuts(stream)).toThrow("Property failed");
});

test("catches a frame that is stripped without having been asked for", () => {
  const meter = () => countingMeter(1, 2, "2");
  expect(() => checkEveryCut({ bytes, meter })).toThrow(/strictly equal/);
  const stripped = [Buffer.from("data: 2\n\n")];
  expect(checkEveryCut({ bytes, meter, stripped }).tokens?.inputUncached).toBe(2);
});
