import { callFacts } from "../call-facts.ts";
import type { Dialect, JsonOperation } from "../dialect.ts";
import { modelField, shortText, streamField } from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { imageMeter, meterImagesJson } from "./response.ts";

export function imageGenerations(dialect: Dialect): JsonOperation {
  return simpleOperation({
    id: "images.generations",
    dialect,
    upstreamPath: () => "/images/generations",
    governedMembers: ["model", "stream", "svg"],
    describe: (body) =>
      callFacts({
        model: modelField(body),
        stream: streamField(body),
        toolNames: svgAuthor(body),
        messageCount: 1,
        assertedUserId: shortText(body["safety_identifier"] ?? body["user"]),
      }),
    stripTools: (body, names) =>
      svgAuthor(body).some((name) => names.has(name)) ? [{ member: "svg", json: null }] : [],
    streamMeter: imageMeter,
    meterJson: meterImagesJson,
  });
}

/** An SVG is written by a second model, which policy is to see: it goes by `svg:<model>`. */
function svgAuthor({ svg }: JsonObject): string[] {
  return isJsonObject(svg) ? [`svg:${modelField(svg)}`] : [];
}
