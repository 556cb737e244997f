import {
  type Content,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from "@google/genai";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";

/** The official package, which calls `/v1` unless told otherwise, and called `/v1beta` before. */
export const googleGenAi: readonly ConversationClient[] = [
  client("@google/genai: models", undefined),
  client("@google/genai: models under v1beta", "v1beta"),
];

function client(name: string, apiVersion: string | undefined): ConversationClient {
  return {
    name,
    ask: async ({ origin, key }, turn) => {
      const version = apiVersion === undefined ? {} : { apiVersion };
      const retryOptions = { attempts: 1 + (turn.retries ?? 0), initialDelay: 0.05 };
      const httpOptions = { baseUrl: origin, retryOptions, ...version };
      const google = new GoogleGenAI({ apiKey: key, httpOptions });
      return converse(google, turn, [{ role: "user", parts: partsOf(turn) }]);
    },
  };
}

async function converse(google: GoogleGenAI, turn: Turn, contents: Content[]): Promise<Answer> {
  const request = { model: turn.model, contents, config: configOf(turn) };
  const chunks = turn.streamed
    ? await streamed(google, turn, request)
    : [await google.models.generateContent(request)];
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  return {
    seen: chunks,
    text: parts.map(({ text, thought }) => (thought ? "" : (text ?? ""))).join(""),
    calls: calls.map((call) => ({ name: call.name ?? "", arguments: call.args })),
    goOn: async (result) => {
      const results = calls.map(({ id, name }) => ({
        functionResponse: { ...(id && { id }), ...(name && { name }), response: { result } },
      }));
      const model = { role: "model", parts: parts.filter((part) => part.text !== "") };
      return converse(google, turn, [...contents, model, { role: "user", parts: results }]);
    },
  };
}

type Request = Parameters<GoogleGenAI["models"]["generateContentStream"]>[0];

async function streamed(google: GoogleGenAI, turn: Turn, request: Request) {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await google.models.generateContentStream(request)) {
    chunks.push(chunk);
    turn.onPiece?.();
  }
  return chunks;
}

function configOf({ tools, schema, signal }: Turn): GenerateContentConfig {
  return {
    thinkingConfig: { includeThoughts: true },
    ...(signal && { abortSignal: signal }),
    ...(tools && {
      tools: [
        {
          functionDeclarations: tools.map(({ parameters, ...tool }) => ({
            ...tool,
            parametersJsonSchema: parameters,
          })),
        },
      ],
    }),
    ...(schema && { responseMimeType: "application/json", responseJsonSchema: schema }),
  };
}

function partsOf({ text, imageBase64 }: Turn): Part[] {
  if (imageBase64 === undefined) return [{ text }];
  return [{ text }, { inlineData: { mimeType: "image/png", data: imageBase64 } }];
}
