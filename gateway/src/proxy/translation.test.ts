import { expect, test } from "vitest";
import { translatable, translationFor } from "./translation.ts";
import { translatorFor } from "./translate/translator-for.ts";

const dialects = ["openai", "anthropic", "gemini"] as const;

test("what is said to be translatable is what translators are there for, metered as they say", () => {
  for (const operation of [...Object.keys(translatable), "responses", "embeddings", "toString"]) {
    for (const to of dialects) {
      const translator = translatorFor(operation, to);
      const translation = translationFor(operation, to);
      expect(translation === null, `${operation} to ${to}`).toBe(translator === null);
      for (const stream of [false, true]) {
        expect(translation?.upstreamOperation(stream).id).toBe(
          translator?.upstreamOperationId(stream),
        );
      }
    }
  }
});
