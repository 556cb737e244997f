/** Calls of the official SDKs that a team of `sim-*` may not make, by the status of the denial. */
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

export interface Clients {
  openai: OpenAI;
  anthropic: Anthropic;
  google: GoogleGenAI;
}

/** The SDKs as they come, retries included. */
export const clientsOf = (gateway: string, apiKey: string): Clients => ({
  openai: new OpenAI({ baseURL: `${gateway}/v1`, apiKey }),
  anthropic: new Anthropic({ baseURL: gateway, apiKey }),
  google: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway } }),
});

const user = { role: "user" as const, content: "hello" };
export const chat = { model: "gpt-5", messages: [user] };
export const message = { model: "claude-5", max_tokens: 10, messages: [user] };
export const response = { model: "gpt-5", input: "hello" };
export const content = { model: "gemini-3", contents: "hello" };

type Ask = (clients: Clients) => Promise<unknown>;
export const deniedCalls: [name: string, status: number, ask: Ask][] = [
  ["chat", 403, ({ openai }) => openai.chat.completions.create(chat)],
  ["chat, streamed", 403, ({ openai }) => openai.chat.completions.stream(chat).finalContent()],
  ["completions", 403, ({ openai }) => openai.completions.create({ model: "gpt-5", prompt: "x" })],
  ["embeddings", 403, ({ openai }) => openai.embeddings.create({ model: "gpt-5", input: "x" })],
  ["Responses", 400, ({ openai }) => openai.responses.create(response)],
  ["Responses, streamed", 400, ({ openai }) => openai.responses.stream(response).finalResponse()],
  ["Messages", 402, ({ anthropic }) => anthropic.messages.create(message)],
  ["Messages, streamed", 402, ({ anthropic }) => anthropic.messages.stream(message).finalText()],
  [
    "count_tokens",
    402,
    ({ anthropic }) => anthropic.messages.countTokens({ model: "claude-5", messages: [user] }),
  ],
  ["generateContent", 403, ({ google }) => google.models.generateContent(content)],
  [
    "streamGenerateContent",
    403,
    async ({ google }) => Array.fromAsync(await google.models.generateContentStream(content)),
  ],
  ["countTokens", 403, ({ google }) => google.models.countTokens(content)],
];
