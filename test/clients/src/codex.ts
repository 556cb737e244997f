import { type Asked, type Client, type Command, prompt } from "./client.ts";

const common = { package: "@openai/codex", showsToolOutput: true } as const;

export const codexOverHttp: Client = {
  ...common,
  name: "Codex",
  wire: "Responses",
  plainCalls: 1,
  denial: { statuses: [400], exitCode: 1 },
  command: (asked) => command(asked, false),
};

export const codexOverWebSocket: Client = {
  ...common,
  name: "Codex, WebSocket",
  wire: "Responses over WebSocket",
  plainCalls: 2,
  denial: { statuses: [400, 400], exitCode: 1 },
  command: (asked) => command(asked, true),
};

function command({ gateway, key, model }: Asked, webSocket: boolean): Command {
  // The sandbox needs more of the kernel than a container may have; the tool only echoes.
  const unasked = "--dangerously-bypass-approvals-and-sandbox";
  return {
    program: "codex",
    args: ["exec", "--skip-git-repo-check", "--json", unasked, prompt],
    env: { GATEWAY_KEY: key },
    files: { ".codex/config.toml": configuration(gateway, model, webSocket) },
  };
}

function configuration(gateway: string, model: string, webSocket: boolean): string {
  return `model = "${model}"
model_provider = "weir"
[model_providers.weir]
name = "Weir"
base_url = "${gateway}/v1"
env_key = "GATEWAY_KEY"
wire_api = "responses"
supports_websockets = ${webSocket}
[analytics]
enabled = false
`;
}
