import { type Asked, type Client, type Command, prompt } from "./client.ts";

/**
 * A plain and a denied turn are two calls: one asks a small model which model to ask. It ends with
 * the status of the error as its exit code, of which the system keeps one byte.
 */
export const geminiCli: Client = {
  name: "Gemini CLI",
  package: "@google/gemini-cli",
  wire: "Gemini",
  plainCalls: 2,
  choosesModel: true,
  denial: { statuses: [403, 403], exitCode: 403 % 256 },
  showsToolOutput: true,
  answerOf,
  command,
};

/** Its stream tells the answer word by word. */
function answerOf(output: string): string {
  const words = output.matchAll(/"role":"assistant","content":"([^"]*)","delta":true/g);
  return [...words].map(([, word]) => word).join("");
}

const settings = {
  security: { auth: { selectedType: "gemini-api-key" } },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  general: { enableAutoUpdate: false },
};

function command({ gateway, key, model }: Asked): Command {
  const chosen = model === "" ? [] : ["-m", model];
  const unasked = ["--skip-trust", "--approval-mode", "yolo"];
  return {
    program: "gemini",
    args: ["-p", prompt, "-o", "stream-json", ...unasked, ...chosen],
    env: { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: gateway },
    files: { ".gemini/settings.json": JSON.stringify(settings) },
  };
}
