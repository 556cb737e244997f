import { GoogleGenAI } from "@google/genai";
import { allOf, type ClientOperation } from "../../../support/conformance/operation.ts";

type Run = (google: GoogleGenAI) => Promise<unknown>;

const apiVersions = ["v1", "v1beta"] as const;

function operations(
  name: string,
  run: Run,
  kind: Pick<ClientOperation, "isOfModels"> = {},
): readonly ClientOperation[] {
  return apiVersions.map((apiVersion) => {
    const operation: ClientOperation = {
      name: `@google/genai: ${name}, ${apiVersion}`,
      run: async ({ origin, key }) =>
        run(new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: origin, apiVersion } })),
    };
    return Object.assign(operation, kind);
  });
}

const model = "sim-echo";
const ofModels = { isOfModels: true } as const;

/** What else the official package does, in both versions of the API. */
export const googleOperations: readonly ClientOperation[] = [
  ...operations("tokens counted", (google) =>
    google.models.countTokens({ model, contents: "how many are these" }),
  ),
  ...operations("an embedding", (google) =>
    google.models.embedContent({ model, contents: "embed this" }),
  ),
  ...operations("several embeddings", (google) =>
    google.models.embedContent({
      model,
      contents: ["one", "two"],
      config: { outputDimensionality: 8 },
    }),
  ),
  ...operations("an embedding, refused", (google) =>
    google.models.embedContent({ model: "sim-error-400", contents: "embed this" }),
  ),
  ...operations("models", async (google) => allOf(await google.models.list()), ofModels),
  ...operations("a model", (google) => google.models.get({ model: "sim-tools" }), ofModels),
  ...operations(
    "a model that is not there",
    (google) => google.models.get({ model: "gone" }),
    ofModels,
  ),
  ...operations("a chat that goes on", async (google) => {
    const chat = google.chats.create({ model: "sim-reasoning" });
    const first = await chat.sendMessage({ message: "hello" });
    const second = await allOf(await chat.sendMessageStream({ message: "and more" }));
    return [first, second, chat.getHistory()];
  }),
  ...operations("a search at the provider", (google) =>
    google.models.generateContent({
      model: "sim-search-2",
      contents: "look it up",
      config: { tools: [{ googleSearch: {} }] },
    }),
  ),
];
