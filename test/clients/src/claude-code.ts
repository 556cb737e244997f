import { type Asked, type Client, type Command, prompt } from "./client.ts";

export const claudeCode: Client = {
  name: "Claude Code",
  package: "@anthropic-ai/claude-code",
  wire: "Messages",
  plainCalls: 1,
  denial: { statuses: [402], exitCode: 1 },
  showsToolOutput: true,
  command,
};

function command({ gateway, key, model }: Asked): Command {
  const format = ["--output-format", "stream-json", "--verbose"];
  return {
    program: "claude",
    args: ["-p", prompt, ...format, "--model", model, "--allowedTools", "Bash"],
    env: {
      ANTHROPIC_BASE_URL: gateway,
      ANTHROPIC_AUTH_TOKEN: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
    files: {},
  };
}
