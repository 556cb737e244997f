import { expect, test } from "vitest";
import { checkEveryCut } from "../testing/every-cut.ts";
import { chatStreamMeter, meterChatJson } from "./response.ts";
import { chatSoftDenial } from "./soft-denial.ts";

const asked = { model: "m", id: "call-1" };

test("is a complete answer of the model, which bills nothing", () => {
  const { contentType, body } = chatSoftDenial("No.", { ...asked, stream: false });
  expect(contentType).toBe("application/json");
  const answer: unknown = JSON.parse(body);
  expect(answer).toMatchObject({ choices: [{ message: { role: "assistant", content: "No." } }] });
  expect(meterChatJson(answer)).toMatchObject({ totalTokens: 0, finishReasons: ["stop"] });
});

test("is a stream with its end where a stream was asked for", () => {
  const { body } = chatSoftDenial("No.", { ...asked, stream: true });
  const meter = () => chatStreamMeter({ stripUsageFrame: false });
  expect(checkEveryCut({ bytes: Buffer.from(body), meter })).toMatchObject({
    output: "No.",
    finishReasons: ["stop"],
    ended: true,
  });
});
