import OpenAI from "openai";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";

type Items = OpenAI.Responses.ResponseInputItem[];

/** The official package's Responses; its stream helper when streamed. */
export const openaiResponses: ConversationClient = {
  name: "openai: responses",
  ask: async ({ origin, key }, turn) => {
    const maxRetries = turn.retries ?? 0;
    const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: key, maxRetries });
    return converse(openai, turn, [{ role: "user", content: contentOf(turn) }]);
  },
};

async function converse(openai: OpenAI, turn: Turn, input: Items): Promise<Answer> {
  const request = { model: turn.model, input, ...settingsOf(turn) };
  const { response, events } = turn.streamed
    ? await streamed(openai, turn, request)
    : { response: await openai.responses.create(request, optionsOf(turn)), events: [] };
  const calls = response.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
  return {
    seen: { response, events },
    text: response.output_text,
    calls: calls.map(({ name, arguments: json }) => ({ name, arguments: JSON.parse(json) })),
    goOn: async (output) =>
      converse(openai, turn, [
        ...input,
        ...sentBack(response.output),
        ...calls.map(({ call_id }) => ({ type: "function_call_output" as const, call_id, output })),
      ]),
  };
}

type Request = OpenAI.Responses.ResponseCreateParamsNonStreaming;

async function streamed(openai: OpenAI, turn: Turn, request: Request) {
  const stream = openai.responses.stream({ ...request, stream: true }, optionsOf(turn));
  const events: unknown[] = [];
  for await (const event of stream) {
    events.push(event);
    if (event.type === "response.output_text.delta") turn.onPiece?.();
  }
  return { response: await stream.finalResponse(), events };
}

/** What a model said goes back as it came, less the helper's own `parsed_arguments`. */
function sentBack(output: OpenAI.Responses.ResponseOutputItem[]): Items {
  return output.flatMap((item): Items => {
    if (item.type === "reasoning" || item.type === "message") return [item];
    if (item.type !== "function_call") return [];
    const { parsed_arguments: _parsed, ...call } = { parsed_arguments: null, ...item };
    return [call];
  });
}

function settingsOf({ tools, schema }: Turn): Partial<Request> {
  return {
    include: ["reasoning.encrypted_content"],
    reasoning: { summary: "auto" },
    ...(tools && {
      tools: tools.map(({ parameters, ...tool }) => ({
        type: "function",
        strict: true,
        ...tool,
        parameters: { ...parameters },
      })),
    }),
    ...(schema && {
      text: {
        format: { type: "json_schema", name: "answer", strict: true, schema: { ...schema } },
      },
    }),
  };
}

function contentOf({ text, imageBase64 }: Turn): OpenAI.Responses.ResponseInputContent[] {
  const said = { type: "input_text" as const, text };
  if (imageBase64 === undefined) return [said];
  const image_url = `data:image/png;base64,${imageBase64}`;
  return [said, { type: "input_image", image_url, detail: "auto" }];
}

function optionsOf({ signal }: Turn): OpenAI.RequestOptions {
  return signal === undefined ? {} : { signal };
}
