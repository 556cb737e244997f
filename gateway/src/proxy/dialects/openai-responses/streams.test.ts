import { describe, expect, test } from "vitest";
import { checkEveryCut, checkRandomCuts } from "../testing/every-cut.ts";
import { ResponseEventMeter } from "./event-meter.ts";
import { recordedResponses } from "./testing/recorded.ts";

const meter = () => new ResponseEventMeter();

describe("recorded streams of Responses", () => {
  test.each(Object.entries(recordedResponses))(
    "reads the same, and loses no byte, wherever it is cut: %s",
    (_name, { bytes, totalTokens, ...told }) => {
      const facts = checkEveryCut({ bytes, meter });
      expect(facts).toMatchObject({
        modelUsed: "m-2",
        responseId: "resp_1",
        stateIds: ["resp_1"],
        toolCallCount: 0,
        serverToolCalls: {},
        errorInStream: false,
        ended: true,
        totalTokens,
        usageIsFinal: totalTokens !== null,
        ...told,
      });
      const sum = Object.values(facts.tokens ?? {}).reduce((all, count) => all + count, 0);
      expect(facts.tokens === null ? null : sum).toBe(totalTokens);
    },
  );

  test.each(Object.entries(recordedResponses))(
    "holds for random packets and breaks: %s",
    (_name, { bytes, output }) => {
      expect(checkRandomCuts({ bytes, meter }).output).toBe(output);
    },
  );

  test("holds back the event after which the answer is complete: there is no [DONE]", () => {
    const completed = {
      type: "response.completed",
      response: { id: "resp_1", status: "completed" },
    };
    const frame = Buffer.from(`data: ${JSON.stringify(completed)}\n\n`);
    expect(meter().frame(frame)).toBe("terminal");
  });
});

describe("the messages of a WebSocket", () => {
  const text = (event: object) => Buffer.from(JSON.stringify(event));

  test("are metered as the events of a stream are", () => {
    const socket = meter();
    const events = [
      { type: "response.created", response: { id: "resp_9", model: "m-2" } },
      { type: "response.output_text.delta", delta: "Hi 😀" },
      {
        type: "response.completed",
        response: {
          id: "resp_9",
          status: "completed",
          usage: { input_tokens: 3, output_tokens: 2 },
        },
      },
    ];
    expect(events.map((event) => socket.message(text(event)))).toEqual([
      "forward",
      "forward",
      "terminal",
    ]);
    const facts = socket.facts();
    expect(facts).toMatchObject({
      responseId: "resp_9",
      tokens: { inputUncached: 3, outputVisible: 2 },
      totalTokens: null,
      usageIsFinal: true,
    });
    expect(facts.output.text()).toBe("Hi 😀");
  });

  test.each(["", "[]", "null", "no json", '{"type":7}', '{"type":"response.output_text.delta"}'])(
    "are not tripped over: %s",
    (json) => {
      const socket = meter();
      expect(socket.message(Buffer.from(json))).toBe("forward");
      expect(socket.facts()).toMatchObject({ tokens: null, ended: false, errorInStream: false });
    },
  );
});
