import { expect, test } from "vitest";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { noTokens } from "../token-counts.ts";
import { messagesStreamMeter } from "./response.ts";
import { recordedMessages } from "./testing/recorded.ts";

const recorded = Object.entries(recordedMessages);

test.each(recorded)(
  "reads the same, and loses no byte, wherever it is cut: %s",
  (_name, { bytes, output, tokens, told }) => {
    expect(checkEveryCut({ bytes, meter: messagesStreamMeter })).toMatchObject({
      modelUsed: "c-1",
      responseId: "msg_1",
      ended: true,
      errorInStream: false,
      usageIsFinal: tokens !== null,
      output,
      tokens: tokens === null ? null : { ...noTokens(), ...tokens },
      ...told,
    });
  },
);

test.each(recorded)("holds for random packets and breaks: %s", (_name, { bytes, output }) => {
  expect(checkRandomCuts({ bytes, meter: messagesStreamMeter }).output).toBe(output);
});
