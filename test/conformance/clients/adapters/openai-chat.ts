import OpenAI from "openai";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";

type Messages = OpenAI.ChatCompletionMessageParam[];

/** The official package's chat completions; its stream helper when streamed. */
export const openaiChat: ConversationClient = {
  name: "openai: chat completions",
  ask: async ({ origin, key }, turn) => {
    const maxRetries = turn.retries ?? 0;
    const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: key, maxRetries });
    return converse(openai, turn, [{ role: "user", content: contentOf(turn) }]);
  },
};

async function converse(openai: OpenAI, turn: Turn, messages: Messages): Promise<Answer> {
  const request = { model: turn.model, messages, ...settingsOf(turn) };
  const { completion, events } = turn.streamed
    ? await streamed(openai, turn, request)
    : { completion: await openai.chat.completions.create(request, optionsOf(turn)), events: [] };
  const message = completion.choices[0]?.message;
  const calls = (message?.tool_calls ?? []).filter((call) => call.type === "function");
  return {
    seen: { completion, events },
    text: message?.content ?? "",
    calls: calls.map(({ function: { name, arguments: json } }) => ({
      name,
      arguments: JSON.parse(json),
    })),
    goOn: async (content) =>
      converse(openai, turn, [
        ...messages,
        ...(message === undefined ? [] : [message]),
        ...calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content })),
      ]),
  };
}

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;

async function streamed(openai: OpenAI, turn: Turn, request: Request) {
  const usage = turn.wantsUsage ? { stream_options: { include_usage: true } } : {};
  const stream = openai.chat.completions.stream(
    { ...request, ...usage, stream: true },
    optionsOf(turn),
  );
  const events: unknown[] = [];
  for await (const chunk of stream) {
    events.push(chunk);
    turn.onPiece?.();
  }
  return { completion: await stream.finalChatCompletion(), events };
}

function settingsOf({ tools, schema }: Turn): Partial<Request> {
  const named =
    schema === undefined ? undefined : { name: "answer", strict: true, schema: { ...schema } };
  return {
    ...(tools && {
      tools: tools.map(({ parameters, ...tool }) => ({
        type: "function",
        function: { ...tool, parameters: { ...parameters } },
      })),
    }),
    ...(named && { response_format: { type: "json_schema", json_schema: named } }),
  };
}

function contentOf({ text, imageBase64 }: Turn): string | OpenAI.ChatCompletionContentPart[] {
  if (imageBase64 === undefined) return text;
  const url = `data:image/png;base64,${imageBase64}`;
  return [
    { type: "text", text },
    { type: "image_url", image_url: { url } },
  ];
}

function optionsOf({ signal }: Turn): OpenAI.RequestOptions {
  return signal === undefined ? {} : { signal };
}
