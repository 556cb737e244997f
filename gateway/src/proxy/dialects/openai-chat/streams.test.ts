import { describe, expect, test } from "vitest";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { chatStreamMeter } from "./response.ts";
import { recordedChats, usageFrame } from "./testing/recorded.ts";

const asked = () => chatStreamMeter({ stripUsageFrame: true });
const unasked = () => chatStreamMeter({ stripUsageFrame: false });

describe("recorded chat streams", () => {
  test.each(Object.entries(recordedChats))(
    "reads the same, and loses no byte, wherever it is cut: %s",
    (_name, { bytes, output, finishReasons, totalTokens, toolCallCount, errorInStream }) => {
      const facts = checkEveryCut({ bytes, meter: unasked });
      expect(facts).toMatchObject({
        output,
        finishReasons,
        totalTokens,
        toolCallCount: toolCallCount ?? 0,
        errorInStream: errorInStream ?? false,
        ended: !errorInStream,
        usageIsFinal: totalTokens !== null,
      });
      const sum = Object.values(facts.tokens ?? {}).reduce((all, count) => all + count, 0);
      expect(facts.tokens === null ? null : sum).toBe(totalTokens);
    },
  );

  test.each(Object.entries(recordedChats))(
    "holds for random packets and breaks: %s",
    (_name, { bytes, output }) => {
      expect(checkRandomCuts({ bytes, meter: unasked }).output).toBe(output);
    },
  );

  test("leaves out the usage frame that only we asked for, wherever it is cut", () => {
    const plain = recordedChats["usage in a frame of its own"];
    if (plain === undefined) throw new Error("no such stream");
    const facts = checkEveryCut({ bytes: plain.bytes, meter: asked, stripped: [usageFrame] });
    expect(facts).toMatchObject({ responseId: "chatcmpl-1", modelUsed: "m-2", totalTokens: 16 });
  });
});
