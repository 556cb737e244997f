import type { TokenTotals } from "@weir/gateway/contracts";
import type { PaletteName } from "../palette.ts";

export interface TokenClass {
  readonly key: keyof TokenTotals;
  readonly label: string;
  readonly meaning: string;
  readonly color: PaletteName;
}

/** Mutually exclusive, so they may be stacked and summed; from the bottom of a stack upwards. */
export const tokenClasses: readonly TokenClass[] = [
  {
    key: "inputUncached",
    label: "Input",
    meaning: "Tokens sent that no cache served",
    color: "input",
  },
  {
    key: "cacheRead",
    label: "Cache read",
    meaning: "Tokens sent that the provider's prompt cache served, at a lower price",
    color: "cache-read",
  },
  {
    key: "cacheWrite",
    label: "Cache write",
    meaning: "Tokens sent and stored in the provider's prompt cache",
    color: "cache-write",
  },
  {
    key: "outputVisible",
    label: "Output",
    meaning: "Tokens of the visible answer and of tool calls",
    color: "output",
  },
  {
    key: "outputReasoning",
    label: "Reasoning",
    meaning: "Tokens the model spent on thinking, billed as output",
    color: "reasoning",
  },
  {
    key: "other",
    label: "Other",
    meaning: "Audio and tokens of the provider's own tools",
    color: "other",
  },
];

/** Every token once: cached input is a class of its own and not part of `Input`. */
export const totalTokens = (tokens: TokenTotals): number =>
  tokenClasses.reduce((sum, each) => sum + tokens[each.key], 0);

/** The classes to draw: all but `Other`, which shows only when there is some. */
export const shownClasses = (tokens: TokenTotals): readonly TokenClass[] =>
  tokenClasses.filter((each) => each.key !== "other" || tokens.other > 0);
