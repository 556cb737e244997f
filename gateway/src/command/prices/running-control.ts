import { Value } from "typebox/value";
import { RecomputeProgress, UnpricedModels } from "../../contracts/api/prices.ts";
import { splitLines } from "../../ledger/lines/split-lines.ts";
import type { AskControl } from "../running-control.ts";
import type { CommandDesk } from "./price-desk.ts";

/** The desk of a running control. */
export function remoteDesk(ask: AskControl): CommandDesk {
  return {
    unpricedModels: async (query) => {
      const search = new URLSearchParams(query).toString();
      const response = await ask(`/api/unpriced-models?${search}`);
      return Value.Parse(UnpricedModels, await response.json());
    },
    recompute: async function* progress(range) {
      const { body } = await ask("/api/prices/recompute", range);
      if (body === null) return;
      for await (const line of splitLines(body))
        yield Value.Parse(RecomputeProgress, JSON.parse(line));
    },
  };
}
