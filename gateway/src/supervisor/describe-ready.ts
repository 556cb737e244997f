import type { Config } from "../config/schema.ts";
import { firstCall } from "./first-call.ts";
import type { Ready } from "./supervisor.ts";

/** What a person needs to begin: addresses, the first key, and a call to try. */
export function describeReady(
  ready: Ready,
  { config, version }: { readonly config: Config; readonly version: string },
): string {
  const upstreams = config.providers.map(({ name }) => name).join(", ");
  const rows: [string, string][] = [
    ["Gateway", ready.gateway],
    ["", "OpenAI clients: this with /v1. Anthropic clients: as it is."],
    ["Console", ready.login],
    ["", "This link signs you in once, within 15 minutes. Another: weir login-link"],
    ["Metrics", `${ready.metrics}/metrics`],
    ["Key", ready.key ?? "the first key has been revoked; make another: weir key create"],
    [
      "Upstreams",
      ready.simulator ? ["simulator", upstreams].filter(Boolean).join(", ") : upstreams,
    ],
    ["Data", config.dataDir],
  ];
  if (ready.simulator && upstreams === "") {
    const hint =
      "No provider key is set: the built-in simulator answers, with made-up text. For real\n" +
      `${" ".repeat(13)}models set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY and start again.`;
    rows.splice(-1, 0, ["", hint]);
  }
  const table = rows
    .filter(([, text]) => text !== "" && text !== "/metrics")
    .map(([name, text]) => `  ${name.padEnd(10)} ${text}\n`)
    .join("");
  const call = ready.key === null ? "" : `\n  Try it:\n\n${indent(firstCall(ready, config))}\n`;
  return `\n  Weir ${version} is ready. Stop it with Ctrl+C.\n\n${table}${call}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
