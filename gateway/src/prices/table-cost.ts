import {
  calcPrice,
  findProvider,
  type ModelInfo,
  type ModelPrice,
  type Provider,
  type Usage,
} from "@pydantic/genai-prices";
import type { TokenCounts } from "../contracts/usage.ts";
import { type CostOf, priced, unpriced } from "./cost.ts";
import { loadPriceTable } from "./price-table.ts";
import { isLinear, linearCostOf } from "./linear-cost.ts";
import { chargedTools } from "./server-tools.ts";

/** A model of the table and the provider whose address it was found by. */
export interface TableEntry {
  readonly provider: Provider;
  readonly model: ModelInfo;
}

/** What the table calls the tools that it knows. */
const unitOfTool: ReadonlyMap<string, string> = new Map([
  ["web_search", "web_searches"],
  ["file_search", "storage_searches"],
]);

/** Entries without rates that are free by the provider's word; without it, no rate is no price. */
const freeByDocumentation = new Set(["openai/moderation"]);

/** The provider of the table that serves at an address. */
export function findTableProvider(baseUrl: string): Provider | undefined {
  loadPriceTable();
  return findProvider({ providerApiUrl: baseUrl });
}

/** Looks a model up by the address of its provider, as the library matches names. */
export function findInTable(baseUrl: string, model: string): TableEntry | null {
  const provider = findTableProvider(baseUrl);
  const found = provider && calcPrice({}, model, { provider });
  return found ? { provider, model: found.model } : null;
}

/** The price of a model by the public table. */
export function tableCostOf(entry: TableEntry, name: string): CostOf {
  const slow = calculatedCostOf(entry, name);
  return isLinear(entry.model.prices) ? linearCostOf(slow) : slow;
}

/** The same as the library calculates it on every call: 11 to 15 µs. */
export function calculatedCostOf({ provider, model }: TableEntry, name: string): CostOf {
  const { version } = loadPriceTable();
  if (freeByDocumentation.has(`${provider.id}/${model.id}`)) return () => priced(0, version);
  // With this one model alone the table is not searched again on every call.
  const narrowed: Provider = { ...provider, models: [model] };
  return (tokens, { atMs, serverToolCalls }) => {
    if (tokens === null) return unpriced;
    const usage = usageOf(tokens);
    for (const [tool, times] of chargedTools(serverToolCalls)) {
      const unit = unitOfTool.get(tool);
      if (unit === undefined) return unpriced;
      usage[unit] = times;
    }
    const timestamp = atMs === undefined ? new Date() : new Date(atMs);
    const price = calcPrice(usage, name, { provider: narrowed, timestamp });
    if (price === null || !covers(price.model_price, usage)) return unpriced;
    return priced(price.total_price, version);
  };
}

/** The library counts what has no rate as 0; here that has no price. */
function covers(rates: ModelPrice, usage: Usage): boolean {
  return (
    Object.keys(rates).length > 0 &&
    isCovered(rates["input_mtok"], usage["input_tokens"]) &&
    isCovered(rates["output_mtok"], usage["output_tokens"]) &&
    isCovered(rates["web_searches_kcount"], usage["web_searches"]) &&
    isCovered(rates["storage_searches_kcount"], usage["storage_searches"])
  );
}

function isCovered(rate: unknown, count: number | undefined): boolean {
  return rate !== undefined || count === undefined || count === 0;
}

/** The table counts inclusively: all input, of which cached, of which audio. */
function usageOf(tokens: TokenCounts): Usage {
  const cacheWrite = tokens.cacheWrite5m + tokens.cacheWrite1h;
  const usage: Usage = {
    input_tokens:
      tokens.inputUncached + tokens.toolUsePrompt + tokens.cacheRead + cacheWrite + tokens.audioIn,
    output_tokens: tokens.outputVisible + tokens.outputReasoning + tokens.audioOut,
  };
  if (tokens.cacheRead > 0) usage["cache_read_tokens"] = tokens.cacheRead;
  if (cacheWrite > 0) usage["cache_write_tokens"] = cacheWrite;
  if (tokens.cacheWrite1h > 0) usage["cache_write_1h_tokens"] = tokens.cacheWrite1h;
  if (tokens.outputReasoning > 0) usage["output_reasoning_tokens"] = tokens.outputReasoning;
  if (tokens.audioIn > 0) {
    usage["input_audio_tokens"] = tokens.audioIn;
    // Our classes exclude each other: none of the cached tokens is audio.
    if (tokens.cacheRead > 0) usage["cache_audio_read_tokens"] = 0;
  }
  if (tokens.audioOut > 0) {
    usage["output_audio_tokens"] = tokens.audioOut;
    if (tokens.outputReasoning > 0) usage["output_audio_reasoning_tokens"] = 0;
  }
  return usage;
}
