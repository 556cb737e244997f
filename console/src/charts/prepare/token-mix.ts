import type { TokenTotals } from "@weir/gateway/contracts";
import { formatCompact, formatCount, formatShare } from "../../format/numbers.ts";
import type { PaletteName } from "../palette.ts";
import { shownClasses, totalTokens } from "./token-classes.ts";

export interface TokenMix {
  readonly total: string;
  readonly totalExact: string;
  readonly parts: readonly {
    readonly key: string;
    readonly label: string;
    readonly meaning: string;
    readonly color: PaletteName;
    readonly value: string;
    readonly exact: string;
    /** `42%`; `–` when there are no tokens at all. */
    readonly share: string;
    /** 0 to 1. */
    readonly fraction: number;
  }[];
}

/** The range's tokens by class, for the card above the charts. */
export function prepareTokenMix(tokens: TokenTotals): TokenMix {
  const total = totalTokens(tokens);
  return {
    total: formatCompact(total),
    totalExact: `${formatCount(total)} tokens`,
    parts: shownClasses(tokens).map(({ key, label, meaning, color }) => ({
      key,
      label,
      meaning,
      color,
      value: formatCompact(tokens[key]),
      exact: `${formatCount(tokens[key])} tokens`,
      share: formatShare(tokens[key], total) ?? "–",
      fraction: total === 0 ? 0 : tokens[key] / total,
    })),
  };
}
