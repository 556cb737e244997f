import type { Upstream } from "../upstream.ts";
import type { TargetGate } from "./target-gate.ts";

/** Where a call may go: a provider, the model to ask of it, and whether it can take one more. */
export interface Target {
  readonly upstream: Upstream;
  readonly model: string;
  readonly gate: TargetGate;
}
