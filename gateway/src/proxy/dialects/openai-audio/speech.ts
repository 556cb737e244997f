import { callFacts } from "../call-facts.ts";
import type { Dialect, JsonOperation, StreamMeter } from "../dialect.ts";
import { modelField } from "../fields.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { typedEventMeter } from "../openai/typed-event-meter.ts";
import { unknownResponse } from "../response-facts.ts";
import { asSpeech, readAudioUsage } from "./usage.ts";

/**
 * Text to speech. Sound alone tells no usage, so it stays missing; only `stream_format: "sse"`
 * tells it, in its last event.
 */
export function speech(dialect: Dialect): JsonOperation {
  return simpleOperation({
    id: "audio.speech",
    dialect,
    upstreamPath: () => "/audio/speech",
    governedMembers: ["model", "stream_format"],
    describe: (body) =>
      callFacts({
        model: modelField(body),
        stream: body["stream_format"] === "sse",
        messageCount: 1,
      }),
    streamMeter: speechMeter,
    meterJson: unknownResponse,
  });
}

function speechMeter(): StreamMeter {
  return typedEventMeter({
    skipped: ["speech.audio.delta"],
    read: (facts, event) => {
      if (event["type"] !== "speech.audio.done") return false;
      readAudioUsage(facts, event);
      facts.tokens = asSpeech(facts.tokens);
      return true;
    },
  });
}
