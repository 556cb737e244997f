import { v5 as uuidv5 } from "uuid";
import type { Cost } from "../../contracts/usage.ts";
import type { Pricer } from "../pricer.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** A row to write in the place of another. */
export interface Correction {
  /** Follows from the row and its new price, so that the same correction has the same id. */
  readonly id: string;
  readonly supersedes: string;
  readonly microUsd: number | null;
  readonly status: Cost["status"];
  readonly priceVersion: string;
}

const NAMESPACE = "0b3f5b0e-6d0c-4b53-9a53-5f7d3d4c8e21";

/** The correction that a recorded call needs by the prices of now; null when its cost holds. */
export function correctionOf(call: RecordedCall, pricer: Pricer): Correction | null {
  const { id, startedAtMs, upstreamMs, serverToolCalls } = call;
  const { inputUncached } = call;
  const tokens = inputUncached === null ? null : { ...tokensOf(call), inputUncached };
  const facts = { atMs: startedAtMs, upstreamMs, serverToolCalls };
  const cost = pricer.price(call.provider, call.model, tokens, facts);
  // By GPU-second the row's own cost is the better one: it was made from the time of the answer
  // alone, and while the rate is the same it holds.
  const isSamePrice = cost.status === call.status && cost.priceVersion === call.priceVersion;
  const isSameCost = cost.status === call.status && cost.microUsd === call.microUsd;
  if (isSamePrice || isSameCost) return null;
  const { microUsd, status, priceVersion } = cost;
  const name = JSON.stringify([id, status, microUsd, priceVersion]);
  return { id: uuidv5(name, NAMESPACE), supersedes: id, microUsd, status, priceVersion };
}

function tokensOf(call: RecordedCall) {
  const { cacheRead, cacheWrite5m, cacheWrite1h, outputVisible, outputReasoning } = call;
  const { toolUsePrompt, audioIn, audioOut } = call;
  return {
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    outputVisible,
    outputReasoning,
    toolUsePrompt,
    audioIn,
    audioOut,
  };
}
