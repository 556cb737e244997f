import { callFacts } from "../call-facts.ts";
import type { Dialect, FormOperation } from "../dialect.ts";
import { modelField, shortText, streamField } from "../fields.ts";
import { formFlag } from "../openai/form-fields.ts";
import { imageMeter, meterImagesJson } from "./response.ts";

const SVG_MODEL = "svg[model]";

/** Edits take images in a form, which stream through as soon as the model is known. */
export function imageEdits(dialect: Dialect): FormOperation {
  return fromImages(dialect, "edits", ["model", "stream", SVG_MODEL]);
}

export function imageVariations(dialect: Dialect): FormOperation {
  return fromImages(dialect, "variations", ["model"]);
}

function fromImages(
  dialect: Dialect,
  name: "edits" | "variations",
  governedFields: readonly string[],
): FormOperation {
  return {
    kind: "form",
    id: `images.${name}`,
    dialect,
    metered: true,
    auxiliary: false,
    free: false,
    upstreamPath: () => `/images/${name}`,
    governedFields,
    neededField: "model",
    describe: (fields) =>
      callFacts({
        model: modelField({ model: fields.get("model") }),
        stream: streamField({ stream: formFlag(fields, "stream") }),
        toolNames: svgAuthor(fields),
        messageCount: 1,
        assertedUserId: shortText(fields.get("user")),
      }),
    streamMeter: imageMeter,
    meterJson: meterImagesJson,
  };
}

function svgAuthor(fields: ReadonlyMap<string, string>): string[] {
  const model = fields.get(SVG_MODEL);
  return model === undefined ? [] : [`svg:${modelField({ model })}`];
}
