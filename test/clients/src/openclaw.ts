import { type Asked, type Client, type Command, models, prompt } from "./client.ts";

export const openClaw: Client = {
  name: "OpenClaw",
  package: "openclaw",
  wire: "Chat completions",
  plainCalls: 1,
  denial: { statuses: [200], exitCode: 0 },
  soft: true,
  showsToolOutput: false,
  command,
};

function command({ gateway, key, model, home }: Asked): Command {
  const chosen = ["--model", `weir/${model}`, "--state-dir", `${home}/state`];
  return {
    program: "openclaw",
    args: ["agent", "exec", "--json", ...chosen, "--timeout", "90", prompt],
    env: {},
    files: {
      ".openclaw/openclaw.json": JSON.stringify(configuration(gateway, key, model)),
      // The folder has to be there.
      "state/.keep": "",
    },
  };
}

function configuration(gateway: string, key: string, model: string) {
  const offered = Object.values(models).map((id) => ({
    id,
    name: id,
    reasoning: false,
    input: ["text"],
    cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 8_192,
  }));
  const weir = {
    baseUrl: `${gateway}/v1`,
    apiKey: key,
    api: "openai-completions",
    models: offered,
  };
  return {
    models: { mode: "replace", providers: { weir } },
    agents: { defaults: { model: { primary: `weir/${model}` }, heartbeat: { every: "0m" } } },
    cron: { enabled: false },
  };
}
