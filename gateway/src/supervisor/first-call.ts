import type { Config } from "../config/schema.ts";
import type { Ready } from "./supervisor.ts";

/** A curl command that gets an answer from the first provider there is. */
export function firstCall(ready: Ready, config: Pick<Config, "providers">): string {
  const provider = ready.simulator ? undefined : config.providers[0];
  const isAnthropic = provider?.dialect === "anthropic";
  const path = isAnthropic ? "/v1/messages" : "/v1/chat/completions";
  const auth = isAnthropic ? `x-api-key: ${ready.key}` : `authorization: Bearer ${ready.key}`;
  const body = {
    model: provider === undefined ? "sim-echo" : modelOf(provider),
    ...(isAnthropic ? { max_tokens: 100 } : {}),
    messages: [{ role: "user", content: "Hello" }],
  };
  return [
    `curl ${ready.gateway}${path} \\`,
    `  -H '${auth}' -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join("\n");
}

const examples: Readonly<Record<string, string>> = {
  anthropic: "claude-haiku-4-5",
  gemini: "gemini-2.5-flash",
  openai: "gpt-5-mini",
};

function modelOf(provider: Config["providers"][number]): string {
  const named = provider.models.find((model) => !model.includes("*"));
  return named ?? examples[provider.name] ?? "MODEL";
}
