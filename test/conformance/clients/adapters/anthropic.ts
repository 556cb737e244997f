import Anthropic from "@anthropic-ai/sdk";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";

/** The official package's Messages; its stream helper when streamed. */
export const anthropicMessages: ConversationClient = {
  name: "@anthropic-ai/sdk: messages",
  ask: async ({ origin, key }, turn) => {
    const maxRetries = turn.retries ?? 0;
    const anthropic = new Anthropic({ baseURL: origin, apiKey: key, maxRetries });
    return converse(anthropic, turn, [{ role: "user", content: contentOf(turn) }]);
  },
};

async function converse(
  anthropic: Anthropic,
  turn: Turn,
  messages: Anthropic.MessageParam[],
): Promise<Answer> {
  const request = { model: turn.model, max_tokens: 1_000, messages, ...settingsOf(turn) };
  const { message, events } = turn.streamed
    ? await streamed(anthropic, turn, request)
    : { message: await anthropic.messages.create(request, optionsOf(turn)), events: [] };
  const calls = message.content.filter((block) => block.type === "tool_use");
  return {
    seen: { message, events },
    text: message.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    calls: calls.map(({ name, input }) => ({ name, arguments: input })),
    goOn: async (content) =>
      converse(anthropic, turn, [
        ...messages,
        { role: "assistant", content: message.content },
        {
          role: "user",
          content: calls.map(({ id }) => ({ type: "tool_result", tool_use_id: id, content })),
        },
      ]),
  };
}

type Request = Anthropic.MessageCreateParamsNonStreaming;

async function streamed(anthropic: Anthropic, turn: Turn, request: Request) {
  const stream = anthropic.messages.stream(request, optionsOf(turn));
  const events: unknown[] = [];
  for await (const event of stream) {
    events.push(event);
    if (event.type === "content_block_delta") turn.onPiece?.();
  }
  return { message: await stream.finalMessage(), events };
}

function settingsOf({ tools, schema }: Turn): Partial<Request> {
  return {
    ...(tools && {
      tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: { ...parameters } })),
    }),
    ...(schema && { output_config: { format: { type: "json_schema", schema: { ...schema } } } }),
  };
}

function contentOf({ text, imageBase64 }: Turn): string | Anthropic.ContentBlockParam[] {
  if (imageBase64 === undefined) return text;
  const source = { type: "base64" as const, media_type: "image/png" as const, data: imageBase64 };
  return [
    { type: "text", text },
    { type: "image", source },
  ];
}

function optionsOf({ signal }: Turn): Anthropic.RequestOptions {
  return signal === undefined ? {} : { signal };
}
