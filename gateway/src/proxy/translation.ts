/** Carrying a call over to a provider of another dialect, as the pipeline sees it. */
import type { ProviderDialect } from "../config/schema.ts";
import { messagesOperation } from "./dialects/anthropic/anthropic.ts";
import type { JsonOperation } from "./dialects/dialect.ts";
import { geminiGeneration } from "./dialects/gemini/gemini.ts";
import type { JsonObject } from "./dialects/json-body.ts";
import { chatCompletions } from "./dialects/openai-chat/openai-chat.ts";
import { Refusal } from "./refusal.ts";
import type { TranslatedCall, TranslationOptions } from "./translate/translator.ts";

export interface Translation {
  /** The provider's operation whose answer comes back: its dialect meters the raw bytes. */
  upstreamOperation(stream: boolean): JsonOperation;
  /** @throws Refusal WEIR_NOT_TRANSLATABLE or WEIR_FIELD_INVALID, naming the field */
  start(body: JsonObject, options: TranslationOptions): Promise<TranslatedCall>;
}

const geminiStream = geminiGeneration(true);
const geminiWhole = geminiGeneration(false);

const upstreamOperations: Record<ProviderDialect, (stream: boolean) => JsonOperation> = {
  anthropic: () => messagesOperation,
  openai: () => chatCompletions,
  gemini: (stream) => (stream ? geminiStream : geminiWhole),
};

/** What can be carried over; kept apart from the translators so that asking costs nothing. */
export const translatable: Readonly<Record<string, readonly ProviderDialect[]>> = {
  "chat.completions": ["anthropic", "gemini"],
  messages: ["openai", "gemini"],
};

/** Null when the operation cannot be carried over to a provider of this dialect. */
export function translationFor(operationId: string, to: ProviderDialect): Translation | null {
  if (!Object.hasOwn(translatable, operationId)) return null;
  if (translatable[operationId]?.includes(to) !== true) return null;
  return {
    upstreamOperation: upstreamOperations[to],
    start: async (body, options) => {
      // A quarter of a second and 40 MB, which a gateway that translates nothing does not pay.
      const { translatorFor } = await import("./translate/translator-for.ts");
      const translator = translatorFor(operationId, to);
      if (translator === null) throw new Refusal("WEIR_NOT_TRANSLATABLE");
      return translator.start(body, options);
    },
  };
}
