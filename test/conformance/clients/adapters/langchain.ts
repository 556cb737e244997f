import { ChatAnthropic } from "@langchain/anthropic";
import {
  AIMessageChunk,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import type {
  Answer,
  ConversationClient,
  JsonSchema,
  Turn,
} from "../../../support/conformance/client.ts";
import type { Connection } from "../../../support/conformance/connection.ts";

/** One of the four shows it: they share the code. */
const slow = { "a second try after status 503, whole": "it waits for seconds" };
const unstreamed = { "structured output, streamed": "the package streams nothing then" };

type Model = ChatOpenAI | ChatAnthropic | ChatGoogleGenerativeAI;

/** LangChain's chat models. Tracing is off unless the environment switches it on. */
export const langChain: readonly ConversationClient[] = [
  client("ChatOpenAI", {}, ({ origin, key }, { model, retries = 0 }) => {
    const configuration = { baseURL: `${origin}/v1` };
    return new ChatOpenAI({ model, apiKey: key, maxRetries: retries, configuration });
  }),
  client(
    "ChatOpenAI over Responses",
    { cannot: { ...slow, ...unstreamed } },
    ({ origin, key }, { model, retries = 0 }) => {
      const configuration = { baseURL: `${origin}/v1` };
      const useResponsesApi = true;
      return new ChatOpenAI({
        model,
        apiKey: key,
        maxRetries: retries,
        configuration,
        useResponsesApi,
      });
    },
  ),
  client("ChatAnthropic", { cannot: slow }, ({ origin, key }, { model, retries = 0 }) => {
    return new ChatAnthropic({ model, apiKey: key, maxRetries: retries, anthropicApiUrl: origin });
  }),
  client(
    "ChatGoogleGenerativeAI",
    { cannot: slow, hidesReasoning: true },
    ({ origin, key }, { model, retries = 0 }) => {
      return new ChatGoogleGenerativeAI({
        model,
        apiKey: key,
        maxRetries: retries,
        baseUrl: origin,
      });
    },
  ),
];

function client(
  name: string,
  known: Pick<ConversationClient, "cannot" | "hidesReasoning">,
  modelOf: (connection: Connection, turn: Turn) => Model,
): ConversationClient {
  return {
    name: `langchain: ${name}`,
    ...known,
    ask: async (connection, turn) => {
      const asked = new HumanMessage({ contentBlocks: contentOf(turn) });
      return converse(modelOf(connection, turn), turn, [asked]);
    },
  };
}

async function converse(model: Model, turn: Turn, messages: BaseMessage[]): Promise<Answer> {
  if (turn.schema !== undefined) return structured(model, turn, turn.schema, messages);
  const { message, events } = await invoked(model, turn, messages);
  const calls = message.tool_calls ?? [];
  return {
    seen: { message: message.toDict(), events },
    text: message.text,
    calls: calls.map(({ name, args }) => ({ name, arguments: args })),
    goOn: async (content) => {
      const results = calls.map(
        ({ id = "", name }) => new ToolMessage({ tool_call_id: id, name, content }),
      );
      return converse(model, turn, [...messages, message, ...results]);
    },
  };
}

async function invoked(model: Model, turn: Turn, messages: BaseMessage[]) {
  const offered = (turn.tools ?? []).map(({ name, description, parameters }) =>
    tool(() => "", { name, description, schema: { ...parameters } }),
  );
  const runnable = offered.length === 0 ? model : model.bindTools(offered);
  if (!turn.streamed) {
    return { message: await runnable.invoke(messages, optionsOf(turn)), events: [] };
  }
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await runnable.stream(messages, optionsOf(turn))) {
    chunks.push(chunk);
    turn.onPiece?.();
  }
  const [first = new AIMessageChunk(""), ...rest] = chunks;
  const message = rest.reduce((whole, chunk) => whole.concat(chunk), first);
  return { message, events: chunks.map((chunk) => chunk.toDict()) };
}

async function structured(
  model: Model,
  turn: Turn,
  schema: JsonSchema,
  messages: BaseMessage[],
): Promise<Answer> {
  const method = { name: "answer", method: "jsonSchema" } as const;
  const runnable = model.withStructuredOutput({ title: "answer", ...schema }, method);
  const values: unknown[] = [];
  if (turn.streamed) for await (const value of await runnable.stream(messages)) values.push(value);
  else values.push(await runnable.invoke(messages));
  const goOn = async () => structured(model, turn, schema, messages);
  return { seen: values, text: JSON.stringify(values.at(-1)), calls: [], goOn };
}

function contentOf({ text, imageBase64 }: Turn): ContentBlock.Standard[] {
  const said = { type: "text" as const, text };
  if (imageBase64 === undefined) return [said];
  return [said, { type: "image", mimeType: "image/png", data: imageBase64 }];
}

function optionsOf({ signal }: Turn): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
