import { hash } from "node:crypto";
import { denyOnError } from "@weir/policies/evaluate";
import type { Decision } from "../../contracts/decision.ts";
import type { PolicyInput } from "../../contracts/policy-input.ts";
import type { ActivePolicy } from "../snapshot/active-snapshot.ts";

/** Its arrays fill the buffer that they bring, which the evaluator takes as it is. */
const encoder = new TextEncoder();

export interface Decided {
  decision: Decision;
  /** SHA-256 (hex) of the input document. */
  inputDigest: string;
  /** What went wrong when policy could not be evaluated; for the log alone. */
  error?: unknown;
}

/** Takes the one policy decision on a call. It never throws: whatever fails is a denial. */
export function decide(
  policy: ActivePolicy | null,
  input: PolicyInput,
  clock: { newId(): string; monotonicMs(): number },
): Decided {
  const document = encoder.encode(JSON.stringify(input));
  const inputDigest = hash("sha256", document, "hex");
  const startedAt = clock.monotonicMs();
  const { result, error } = evaluate(policy, input.point, document);
  return {
    decision: {
      id: clock.newId(),
      ...result,
      revision: policy?.revision ?? "",
      evalMicros: Math.max(0, Math.round((clock.monotonicMs() - startedAt) * 1000)),
    },
    inputDigest,
    ...(error === undefined ? {} : { error }),
  };
}

function evaluate(policy: ActivePolicy | null, point: string, document: Uint8Array<ArrayBuffer>) {
  if (policy === null) return { result: denyOnError(null) };
  try {
    return { result: policy.evaluator.decide(point, document.buffer) };
  } catch (error) {
    return { result: denyOnError(error), error };
  }
}
