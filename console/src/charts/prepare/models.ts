import type { OwnUsage, UsageSlice } from "@weir/gateway/contracts";
import { formatMoneyExact } from "../../format/money.ts";
import { formatCompact, formatCount, formatShare } from "../../format/numbers.ts";
import { costInWords, knownCost } from "./cost.ts";
import { addSlices } from "./slices.ts";
import { totalTokens } from "./token-classes.ts";

const maxModels = 12;

export interface ModelRow {
  readonly key: string;
  readonly model: string;
  readonly provider: string;
  readonly spend: string;
  readonly spendExact: string;
  /** Of the known spend, or of the tokens when nothing has a price; 0 to 1, null when unknown. */
  readonly share: number | null;
  readonly shareText: string;
  readonly tokens: string;
  readonly tokensExact: string;
  readonly requests: string;
}

export interface ModelTable {
  readonly rows: readonly ModelRow[];
  /** What `share` is a share of. */
  readonly shareOf: "spend" | "tokens";
  /** `12 of 14 models`, empty when all are shown. */
  readonly shown: string;
}

interface Entry {
  readonly key: string;
  readonly model: string;
  readonly provider: string;
  readonly slice: UsageSlice;
}

function entries(byModel: OwnUsage["byModel"]): Entry[] {
  const named = byModel.map((each) => ({
    key: `${each.provider}/${each.model}`,
    model: each.model === "" ? "(no model named)" : each.model,
    provider: each.provider === "" ? "no provider reached" : each.provider,
    slice: each,
  }));
  if (named.length <= maxModels) return named;
  const rest = named.slice(maxModels);
  const others = {
    key: "others",
    model: `Others (${rest.length})`,
    provider: "",
    slice: addSlices(rest.map((each) => each.slice)),
  };
  return [...named.slice(0, maxModels), others];
}

/** Models by spend, dearest first, the tail gathered as Others. */
export function prepareModels(usage: OwnUsage): ModelTable {
  const shareOf = usage.totals.costMicroUsd > 0 ? "spend" : "tokens";
  const whole = shareOf === "spend" ? usage.totals.costMicroUsd : totalTokens(usage.totals.tokens);
  const rows = entries(usage.byModel).map(({ key, model, provider, slice }) => {
    const tokens = totalTokens(slice.tokens);
    const part = shareOf === "spend" ? knownCost(slice) : tokens;
    const known = knownCost(slice);
    return {
      key,
      model,
      provider,
      spend: costInWords(slice),
      spendExact:
        known === null ? "No price is known for this model" : `${formatMoneyExact(known)} USD`,
      share: part === null || whole === 0 ? null : part / whole,
      shareText: part === null ? "unknown" : (formatShare(part, whole) ?? "–"),
      tokens: formatCompact(tokens),
      tokensExact: `${formatCount(tokens)} tokens`,
      requests: formatCount(slice.requests),
    };
  });
  const count = usage.byModel.length;
  return { rows, shareOf, shown: count > maxModels ? `${maxModels} of ${count} models` : "" };
}
