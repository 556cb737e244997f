import type { Me } from "@weir/gateway/contracts";

export interface ClientSnippet {
  readonly id: string;
  readonly label: string;
  readonly code: string;
}

interface Models {
  readonly openai: string;
  readonly anthropic: string;
}

const models = (simulator: boolean): Models =>
  simulator
    ? { openai: "sim-echo", anthropic: "sim-echo" }
    : { openai: "gpt-5-mini", anthropic: "claude-sonnet-4-5" };

const curl = (url: string, model: string): string => `# The models you may use
curl ${url}/v1/models -H "authorization: Bearer $WEIR_KEY"

# A call
curl ${url}/v1/chat/completions \\
  -H "authorization: Bearer $WEIR_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;

const openaiTypescript = (url: string, model: string): string => `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${url}/v1",
  apiKey: process.env.WEIR_KEY,
});

const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0].message.content);`;

const openaiPython = (url: string, model: string): string => `# pip install openai
import os
from openai import OpenAI

client = OpenAI(base_url="${url}/v1", api_key=os.environ["WEIR_KEY"])

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;

const anthropicTypescript = (
  url: string,
  model: string,
): string => `// npm install @anthropic-ai/sdk
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: "${url}",
  apiKey: process.env.WEIR_KEY,
});

const answer = await client.messages.create({
  model: "${model}",
  max_tokens: 256,
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.content);`;

/** First calls through the gateway that `me` names, ready to paste. */
export function clientSnippets({
  gatewayUrl,
  simulator,
}: Pick<Me, "gatewayUrl" | "simulator">): readonly ClientSnippet[] {
  const url = gatewayUrl.replace(/\/+$/, "");
  const { openai, anthropic } = models(simulator);
  return [
    { id: "curl", label: "curl", code: curl(url, openai) },
    { id: "openai-ts", label: "OpenAI · TypeScript", code: openaiTypescript(url, openai) },
    { id: "openai-py", label: "OpenAI · Python", code: openaiPython(url, openai) },
    { id: "anthropic", label: "Anthropic · TypeScript", code: anthropicTypescript(url, anthropic) },
  ];
}
