import { type Asked, type Client, type Command, models, prompt } from "./client.ts";

type Provider = "weir" | "anthropic" | "openai";

// Of the two calls of a new session one asks for a title, of a model that every team here may use.
const common = { package: "opencode-ai", plainCalls: 2, showsToolOutput: true } as const;

export const openCodeChat: Client = {
  ...common,
  name: "opencode, chat",
  wire: "Chat completions",
  denial: { statuses: [200, 403], exitCode: 1 },
  command: (asked) => command(asked, "weir"),
};

export const openCodeMessages: Client = {
  ...common,
  name: "opencode, Messages",
  wire: "Messages",
  denial: { statuses: [200, 402], exitCode: 1 },
  command: (asked) => command(asked, "anthropic"),
};

export const openCodeResponses: Client = {
  ...common,
  name: "opencode, Responses",
  wire: "Responses",
  denial: { statuses: [200, 400], exitCode: 1 },
  command: (asked) => command(asked, "openai"),
};

function command({ gateway, key, model }: Asked, provider: Provider): Command {
  return {
    program: "opencode",
    args: ["run", "--format", "json", "-m", `${provider}/${model}`, prompt],
    env: {
      GATEWAY_KEY: key,
      OPENCODE_DISABLE_MODELS_FETCH: "1",
      OPENCODE_DISABLE_AUTOUPDATE: "1",
    },
    files: { "work/opencode.json": JSON.stringify(configuration(gateway, model, provider)) },
  };
}

function configuration(gateway: string, model: string, provider: Provider) {
  const offered = Object.values(models).map((name) => [
    name,
    { name, tool_call: true, limit: { context: 128_000, output: 8_192 } },
  ]);
  const compatible = { npm: "@ai-sdk/openai-compatible", name: "Weir" };
  return {
    autoupdate: false,
    share: "disabled",
    model: `${provider}/${model}`,
    small_model: `${provider}/${models.plain}`,
    provider: {
      [provider]: {
        ...(provider === "weir" ? compatible : {}),
        options: { baseURL: `${gateway}/v1`, apiKey: "{env:GATEWAY_KEY}" },
        models: Object.fromEntries(offered),
      },
    },
    enabled_providers: [provider],
  };
}
