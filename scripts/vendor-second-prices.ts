/**
 * Takes from LiteLLM's price list (MIT) the extract against which the price table is cross-checked:
 *
 *   pip download --no-deps litellm==1.109.1 && unzip -d litellm litellm-1.109.1-*.whl
 *   pnpm exec node scripts/vendor-second-prices.ts litellm 1.109.1
 *
 * Nothing is priced from it: it is a second opinion for a test.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Listed {
  readonly litellm_provider?: string;
  readonly mode?: string;
  readonly [field: string]: unknown;
}

const [folder = "litellm", version = ""] = process.argv.slice(2);
const text = readFileSync(join(folder, "litellm/model_prices_and_context_window_backup.json"));
const license = readFileSync(join(folder, `litellm-${version}.dist-info/licenses/LICENSE`), "utf8");
const listed: Record<string, Listed> = JSON.parse(text.toString("utf8"));
const providers = new Set(["openai", "anthropic", "gemini"]);
const modes = new Set(["chat", "responses", "embedding"]);
/** Fine-tunes, experiments, and names that are no models. */
const leftOut = /^(ft:|openai\/|gemini-)|exp-|learnlm|lyria/;

const models = Object.entries(listed)
  .filter(([name, { litellm_provider: provider = "", mode = "" }]) => {
    return providers.has(provider) && modes.has(mode) && !leftOut.test(name);
  })
  .map(([name, fields]) => ({
    provider: fields.litellm_provider,
    model: name.replace(/^gemini\//, ""),
    input: perMillion(fields["input_cost_per_token"]),
    output: perMillion(fields["output_cost_per_token"]),
    cacheRead: perMillion(fields["cache_read_input_token_cost"]),
    cacheWrite: perMillion(fields["cache_creation_input_token_cost"]),
    cacheWrite1h: perMillion(fields["cache_creation_input_token_cost_above_1hr"]),
  }));

const header = {
  source: "litellm, model_prices_and_context_window_backup.json",
  version,
  sha256: createHash("sha256").update(text).digest("hex"),
  license: license.trim(),
};
const lines = Object.entries(header).map(
  ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
);
const rows = models.map((model) => `    ${JSON.stringify(model)}`).join(",\n");
const target = join(import.meta.dirname, "../gateway/src/prices/testing/second-source.json");
writeFileSync(target, `{\n${lines.join("")}  "models": [\n${rows}\n  ]\n}\n`);
process.stdout.write(`wrote ${models.length} models to ${target}\n`);

/** USD per million tokens without the noise of binary fractions; undefined when not listed. */
function perMillion(usdPerToken: unknown): number | undefined {
  return typeof usdPerToken === "number" ? Number((usdPerToken * 1e6).toPrecision(9)) : undefined;
}
