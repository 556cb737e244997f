import type { ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject } from "../json-body.ts";
import { typedEventMeter } from "../openai/typed-event-meter.ts";
import { unknownResponse } from "../response-facts.ts";
import { readImageUsage } from "./usage.ts";

export function meterImagesJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  readImageUsage(facts, body);
  facts.ended = true;
  return facts;
}

export function imageMeter(): StreamMeter {
  return typedEventMeter({
    skipped: ["image_generation.partial_image", "image_edit.partial_image"],
    read: (facts, { type, ...event }) => {
      if (type !== "image_generation.completed" && type !== "image_edit.completed") return false;
      readImageUsage(facts, event);
      return true;
    },
  });
}
