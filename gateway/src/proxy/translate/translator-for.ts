import type { ProviderDialect } from "../../config/schema.ts";
import { chatClient } from "./chat/chat-client.ts";
import type { ClientDialect } from "./client-dialect.ts";
import { messagesClient } from "./messages/messages-client.ts";
import { SdkTranslatedCall } from "./translated-call.ts";
import type { TranslationOptions, Translator } from "./translator.ts";
import { anthropicUpstream } from "./upstream/anthropic.ts";
import { geminiUpstream } from "./upstream/gemini.ts";
import { openAiUpstream } from "./upstream/openai.ts";
import { rehearse } from "./upstream/rehearse.ts";
import type { UpstreamDialect } from "./upstream/upstream-dialect.ts";

/** The narrower of a request's own limit and the one that it may have. */
function tokenLimit(asked: number | undefined, cap: number | undefined): number | undefined {
  if (asked === undefined || cap === undefined) return asked ?? cap;
  return Math.min(asked, cap);
}

function contextOf(options: TranslationOptions, usageAsked: boolean) {
  return {
    callId: options.callId,
    model: options.modelRequested,
    createdSeconds: options.createdSeconds,
    usageAsked,
  };
}

function translator<Target extends string>(
  client: ClientDialect<Target>,
  upstream: UpstreamDialect,
  target: Target,
): Translator {
  return {
    upstreamOperationId: (stream) => upstream.operationId(stream),
    start: async (body, options) => {
      const { model, stream, newId } = options;
      const { options: parsed, usageAsked } = client.parse(body, target);
      const maxTokens = tokenLimit(parsed.maxOutputTokens, options.maxTokens);
      const asked = maxTokens === undefined ? parsed : { ...parsed, maxOutputTokens: maxTokens };
      const fields = client.fields;
      const written = await rehearse(upstream, asked, { model, stream, fields, newId });
      written.body = upstream.finish(written.body, { maxTokens });
      return new SdkTranslatedCall({
        client,
        written,
        context: contextOf(options, usageAsked),
        options: asked,
        stream,
        model: (fetch) => upstream.model(model, fetch, newId),
      });
    },
  };
}

const translators: Readonly<Record<string, Partial<Record<ProviderDialect, Translator>>>> = {
  "chat.completions": {
    anthropic: translator(chatClient, anthropicUpstream, "anthropic"),
    gemini: translator(chatClient, geminiUpstream, "gemini"),
  },
  messages: {
    openai: translator(messagesClient, openAiUpstream, "openai"),
    gemini: translator(messagesClient, geminiUpstream, "gemini"),
  },
};

/** Null when there is no translation between the two. */
export function translatorFor(
  operationId: string,
  providerDialect: ProviderDialect,
): Translator | null {
  return Object.hasOwn(translators, operationId)
    ? (translators[operationId]?.[providerDialect] ?? null)
    : null;
}
