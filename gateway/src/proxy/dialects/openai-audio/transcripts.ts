import { callFacts } from "../call-facts.ts";
import type { Dialect, FormOperation, ResponseFacts, StreamMeter } from "../dialect.ts";
import { modelField, streamField } from "../fields.ts";
import { isJsonObject } from "../json-body.ts";
import { typedEventMeter } from "../openai/typed-event-meter.ts";
import { formFlag } from "../openai/form-fields.ts";
import { unknownResponse } from "../response-facts.ts";
import { readAudioUsage } from "./usage.ts";

/** Speech to text; the file streams through as soon as the model is known. */
export function transcription(dialect: Dialect): FormOperation {
  return fromSpeech(dialect, "transcriptions", ["model", "stream"]);
}

/** Speech in any language to English text; it neither streams nor tells its usage. */
export function translation(dialect: Dialect): FormOperation {
  return fromSpeech(dialect, "translations", ["model"]);
}

function fromSpeech(
  dialect: Dialect,
  name: "transcriptions" | "translations",
  governedFields: readonly string[],
): FormOperation {
  return {
    kind: "form",
    id: `audio.${name}`,
    dialect,
    metered: true,
    auxiliary: false,
    free: false,
    upstreamPath: () => `/audio/${name}`,
    governedFields,
    neededField: "model",
    describe: (fields) =>
      callFacts({
        model: modelField({ model: fields.get("model") }),
        stream: streamField({ stream: formFlag(fields, "stream") }),
        messageCount: 1,
      }),
    streamMeter: transcriptMeter,
    meterJson,
  };
}

function meterJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  readAudioUsage(facts, body);
  facts.ended = true;
  return facts;
}

function transcriptMeter(): StreamMeter {
  return typedEventMeter({
    skipped: [],
    read: (facts, event) => {
      if (event["type"] === "transcript.text.delta") facts.output.append(event["delta"]);
      if (event["type"] !== "transcript.text.done") return false;
      readAudioUsage(facts, event);
      return true;
    },
  });
}
