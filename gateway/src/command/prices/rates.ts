import type { ModelInfo, ModelPrice } from "@pydantic/genai-prices";
import type { PriceOverride } from "../../config/price-override.ts";

/** The rates that most models have; others show with `weir prices show`. */
export interface MainRates {
  readonly input: string;
  readonly output: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
}

/** In the table's order a later condition goes before an earlier one; an unconditional comes first. */
export function pricesNow(model: ModelInfo, nowMs: number): ModelPrice {
  if (!Array.isArray(model.prices)) return model.prices;
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const inForce = model.prices.findLast(
    ({ constraint }) =>
      constraint === undefined ||
      (constraint.type === "start_date" && constraint.start_date <= today),
  );
  return inForce?.prices ?? model.prices[0]?.prices ?? {};
}

export function tableRates(prices: ModelPrice): MainRates {
  return {
    input: rateText(prices["input_mtok"]),
    output: rateText(prices["output_mtok"]),
    cacheRead: rateText(prices["cache_read_mtok"]),
    cacheWrite: rateText(prices["cache_write_mtok"]),
  };
}

export function overrideRates(price: PriceOverride): MainRates {
  if (price.free === true) return { input: "free", output: "free", cacheRead: "", cacheWrite: "" };
  if (price.gpuSecond !== undefined) {
    return { input: `${price.gpuSecond}/GPU-s`, output: "", cacheRead: "", cacheWrite: "" };
  }
  return {
    input: rateText(price.input),
    output: rateText(price.output),
    cacheRead: rateText(price.cacheRead),
    cacheWrite: rateText(price.cacheWrite),
  };
}

/** A rate that rises with the length of the prompt ends with `+`. */
export function rateText(price: ModelPrice[string]): string {
  if (price === undefined) return "";
  return typeof price === "number" ? String(price) : `${price.base}+`;
}
