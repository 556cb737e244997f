import Anthropic from "@anthropic-ai/sdk";
import { allOf, type ClientOperation } from "../../../support/conformance/operation.ts";

type Run = (anthropic: Anthropic) => Promise<unknown>;

type Kind = Pick<ClientOperation, "isUnmetered" | "isOfModels">;
const unmetered: Kind = { isUnmetered: true };
const ofModels: Kind = { isOfModels: true };

function operation(name: string, run: Run, kind: Kind = {}): ClientOperation {
  return {
    name: `@anthropic-ai/sdk: ${name}`,
    ...kind,
    run: async ({ origin, key }) =>
      run(new Anthropic({ baseURL: origin, apiKey: key, maxRetries: 0 })),
  };
}

const messages = [{ role: "user" as const, content: "hello" }];
const call = { model: "sim-echo", max_tokens: 100, messages };
const request = (id: string, model: string) => ({ custom_id: id, params: { ...call, model } });
const requests = [request("one", "sim-echo"), request("two", "sim-error-400")];

/** What else the official package does. */
export const anthropicOperations: readonly ClientOperation[] = [
  operation("tokens counted", (anthropic) =>
    anthropic.messages.countTokens({ model: "sim-echo", messages }),
  ),
  operation("tokens counted, refused", (anthropic) =>
    anthropic.messages.countTokens({ model: "sim-error-400", messages }),
  ),
  operation("models", (anthropic) => allOf(anthropic.models.list()), ofModels),
  operation("a model", (anthropic) => anthropic.models.retrieve("sim-tools"), ofModels),
  operation(
    "a model that is not there",
    (anthropic) => anthropic.models.retrieve("gone"),
    ofModels,
  ),
  operation("a raw stream of events", (anthropic) =>
    allOf(anthropic.messages.create({ ...call, stream: true })),
  ),
  operation("a message with betas and headers of the caller's", async (anthropic) => {
    const betas = ["interleaved-thinking-2025-05-14", "context-management-2025-06-27"];
    const headers = { "anthropic-beta": betas.join(","), "x-claude-code-session-id": "s-1" };
    const { data, response } = await anthropic.messages.create(call, { headers }).withResponse();
    return { data, response };
  }),
  operation("a beta message", (anthropic) =>
    anthropic.beta.messages.create({ ...call, betas: ["extended-cache-ttl-2025-04-11"] }),
  ),
  operation("a message with a search at the provider", (anthropic) =>
    anthropic.messages.create({
      ...call,
      model: "sim-search-2",
      tools: [{ type: "web_search_20250305", name: "web_search" }],
    }),
  ),
  operation("usage in several deltas", async (anthropic) =>
    anthropic.messages.stream({ ...call, model: "sim-deltas-3-cached" }).finalMessage(),
  ),
  operation("usage in iterations", (anthropic) =>
    anthropic.messages.create({ ...call, model: "sim-iterations" }),
  ),
  operation("redacted thoughts", async (anthropic) =>
    allOf(anthropic.messages.stream({ ...call, model: "sim-redacted" })),
  ),
  operation(
    "a batch, from its requests to its results",
    async (anthropic) => {
      const { id, ...batch } = await anthropic.messages.batches.create({ requests });
      const ended = await anthropic.messages.batches.retrieve(id);
      const results = await allOf(anthropic.messages.batches.results(id));
      return [id, batch, ended, results, await anthropic.messages.batches.delete(id)];
    },
    unmetered,
  ),
  operation(
    "a batch, cancelled",
    async (anthropic) => {
      const batch = await anthropic.messages.batches.create({ requests });
      return [batch, await anthropic.messages.batches.cancel(batch.id)];
    },
    unmetered,
  ),
  operation(
    "the list of batches",
    (anthropic) => allOf(anthropic.messages.batches.list()),
    unmetered,
  ),
];
