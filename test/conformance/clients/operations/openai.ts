import OpenAI from "openai";
import type { Connection } from "../../../support/conformance/connection.ts";
import { allOf, type ClientOperation } from "../../../support/conformance/operation.ts";

type Run = (openai: OpenAI) => Promise<unknown>;

export function openaiAt({ origin, key }: Connection): OpenAI {
  return new OpenAI({ baseURL: `${origin}/v1`, apiKey: key, maxRetries: 0 });
}

function operation(name: string, run: Run): ClientOperation {
  return { name: `openai: ${name}`, run: async (connection) => run(openaiAt(connection)) };
}

function ofModels(name: string, run: Run): ClientOperation {
  return { ...operation(name, run), isOfModels: true };
}

const tool = {
  type: "function" as const,
  name: "weather",
  strict: false,
  parameters: { type: "object" },
};

/** The official package's JSON calls. */
export const openaiOperations: readonly ClientOperation[] = [
  operation("completions", (openai) =>
    openai.completions.create({ model: "sim-echo", prompt: "the weather is", max_tokens: 50 }),
  ),
  operation("completions, streamed", (openai) =>
    allOf(openai.completions.create({ model: "sim-echo", prompt: "the weather is", stream: true })),
  ),
  operation("completions, streamed with usage", (openai) => {
    const stream_options = { include_usage: true };
    const prompt = "the weather is";
    return allOf(
      openai.completions.create({ model: "sim-cached", prompt, stream: true, stream_options }),
    );
  }),
  operation("chat completions with a raw answer", async (openai) => {
    const messages = [{ role: "user" as const, content: "hello" }];
    const { data, response, request_id } = await openai.chat.completions
      .create({ model: "sim-echo", messages })
      .withResponse();
    return { data, response, request_id };
  }),
  operation("embeddings in base64", (openai) =>
    openai.embeddings.create({ model: "text-embedding-3-small", input: ["one", "two"] }),
  ),
  operation("embeddings in numbers", (openai) =>
    openai.embeddings.create({ model: "sim-echo", input: "one", encoding_format: "float" }),
  ),
  operation("embeddings, refused", (openai) =>
    openai.embeddings.create({ model: "sim-error-400", input: "one" }),
  ),
  operation("moderations", (openai) => openai.moderations.create({ input: "hello" })),
  operation("responses, stored, fetched and deleted", async (openai) => {
    const made = await openai.responses.create({ model: "sim-echo", input: "remember" });
    const next = await openai.responses.create({
      model: "sim-echo",
      input: "and now",
      previous_response_id: made.id,
    });
    const fetched = await openai.responses.retrieve(made.id);
    return [made, next, fetched, await openai.responses.delete(made.id)];
  }),
  operation("responses in the background", async (openai) => {
    const model = "sim-cached";
    const made = await openai.responses.create({ model, input: "later", background: true });
    const polled = [await openai.responses.retrieve(made.id)];
    polled.push(await openai.responses.retrieve(made.id));
    return [made, ...polled];
  }),
  operation("responses in the background, cancelled", async (openai) => {
    const model = "sim-echo";
    const made = await openai.responses.create({ model, input: "later", background: true });
    return [made, await openai.responses.cancel(made.id)];
  }),
  operation("a previous response that is not there", (openai) =>
    openai.responses.create({ model: "sim-echo", input: "x", previous_response_id: "resp_gone" }),
  ),
  operation("responses, their input counted", (openai) =>
    openai.responses.inputTokens.count({ model: "sim-echo", input: "how many", tools: [tool] }),
  ),
  operation("responses with a search at the provider", (openai) =>
    openai.responses.create({
      model: "sim-search-2",
      input: "look it up",
      tools: [{ type: "web_search" }],
    }),
  ),
  ofModels("models", (openai) => allOf(openai.models.list())),
  ofModels("a model", (openai) => openai.models.retrieve("sim-tools")),
  ofModels("a model that is not there", (openai) => openai.models.retrieve("gone")),
];
