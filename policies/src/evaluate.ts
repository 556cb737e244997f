/**
 * Takes decisions with a compiled policy, in process. Whatever goes wrong is a typed error; what
 * the caller makes of it is `denyOnError`.
 */
import { loadPolicy, type LoadedPolicy } from "@open-policy-agent/opa-wasm";
import { runEntrypoint } from "./run-entrypoint.ts";
import { isPolicyResult, type PolicyResult } from "./policy-result.ts";

export type { PolicyObligation, PolicyResult } from "./policy-result.ts";

/** A policy could not be evaluated, or answered with what is no decision. */
export class PolicyEvaluationError extends Error {
  readonly code = "WEIR_POLICY_EVALUATION";
  /** The part of a rule id that says which kind of failure this was. */
  readonly reason:
    | "evaluation"
    | "undefined"
    | "invalid_result"
    | "invalid_input"
    | "invalid_data"
    | "no_entrypoint";

  constructor(reason: PolicyEvaluationError["reason"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PolicyEvaluationError";
    this.reason = reason;
  }
}

export interface PolicyEvaluator {
  readonly revision: string;
  /**
   * Evaluates the entrypoint of a decision point. An ArrayBuffer is taken for the input's JSON text
   * in UTF-8, which spares whoever has it already a second serialisation.
   * @throws PolicyEvaluationError
   */
  decide(point: string, input: object): PolicyResult;
  /** Replaces the data document as a whole. @throws PolicyEvaluationError */
  setData(data: object): void;
}

export interface PolicyToLoad {
  wasm: Uint8Array;
  /** `weir/<point>/decision` each. */
  entrypoints: readonly string[];
  data: object;
  revision: string;
  /** Linear memory never shrinks: above this size the instance is replaced by a fresh one. */
  maxMemoryBytes?: number;
}

const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

/** The denial that stands for a failure; null = no policy has been loaded at all. */
export function denyOnError(error: unknown): PolicyResult {
  const reason =
    error === null
      ? "no_policy"
      : error instanceof PolicyEvaluationError
        ? error.reason
        : "evaluation";
  const text =
    error === null
      ? "No policy has been loaded, so nothing is allowed yet."
      : "The policy could not be evaluated, so the call is not allowed.";
  return {
    effect: "deny",
    rules: [{ id: `runtime_error:${reason}`, reason: text, owner: "weir" }],
    userMessage: `${text} Tell your security team.`,
    retryable: false,
    obligations: [],
  };
}

/** @throws PolicyEvaluationError when the module cannot be loaded or lacks an entrypoint. */
export async function loadPolicyEvaluator(policy: PolicyToLoad): Promise<PolicyEvaluator> {
  const maxMemoryBytes = policy.maxMemoryBytes ?? MAX_MEMORY_BYTES;
  const module = await attempt("evaluation", () =>
    WebAssembly.compile(new Uint8Array(policy.wasm)),
  );
  let data = policy.data;
  let current = await attempt("evaluation", () => loadPolicy(module));
  let broken: PolicyEvaluationError | null = null;
  let replacing = false;
  load(current, data);
  let boundBytes = boundAbove(current, maxMemoryBytes);
  for (const entrypoint of policy.entrypoints) {
    if (!Object.hasOwn(current.entrypoints, entrypoint)) {
      throw new PolicyEvaluationError(
        "no_entrypoint",
        `the policy has no entrypoint ${entrypoint}`,
      );
    }
  }

  const replace = async () => {
    replacing = true;
    try {
      const fresh = await loadPolicy(module);
      // Data and pointer in one turn: no setData may fall between the two.
      load(fresh, data);
      current = fresh;
      broken = null;
      boundBytes = boundAbove(fresh, maxMemoryBytes);
    } catch {
      // The old instance still decides, only with more memory; the next call tries again.
    }
    replacing = false;
  };

  return {
    revision: policy.revision,
    decide(point, input) {
      try {
        if (broken !== null) throw broken;
        return evaluate(current, `weir/${point}/decision`, input);
      } finally {
        const isDue = broken !== null || current.mem.buffer.byteLength > boundBytes;
        if (isDue && !replacing) void replace();
      }
    },
    setData(next) {
      try {
        load(current, next);
        data = next;
        broken = null;
      } catch (error) {
        broken = reload(current, data);
        throw error;
      }
    },
  };
}

/** Data that fill the memory by themselves must not have it replaced at every call. */
function boundAbove(policy: LoadedPolicy, maxMemoryBytes: number): number {
  return Math.max(maxMemoryBytes, 2 * policy.mem.buffer.byteLength);
}

function load(policy: LoadedPolicy, data: object): void {
  if (!isPlainObject(data)) {
    throw new PolicyEvaluationError("invalid_data", "the data of a policy must be an object");
  }
  guard("invalid_data", () => policy.setData(data));
}

/** A refused document has already overwritten the one before it, which has to be put back. */
function reload(policy: LoadedPolicy, data: object): PolicyEvaluationError | null {
  try {
    load(policy, data);
    return null;
  } catch (cause) {
    return new PolicyEvaluationError("evaluation", "the data of the policy were lost", cause);
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function evaluate(policy: LoadedPolicy, entrypoint: string, input: object): PolicyResult {
  // The SDK takes a falsy input for none at all and would decide without it.
  if (!isPlainObject(input)) {
    throw new PolicyEvaluationError("invalid_input", "the input of a policy must be an object");
  }
  if (!Object.hasOwn(policy.entrypoints, entrypoint)) {
    throw new PolicyEvaluationError("no_entrypoint", `the policy has no entrypoint ${entrypoint}`);
  }
  const results: unknown = guard("evaluation", () => runEntrypoint(policy, entrypoint, input));
  const first: unknown = Array.isArray(results) ? results[0] : undefined;
  if (first === undefined) {
    throw new PolicyEvaluationError("undefined", `${entrypoint} is undefined for this input`);
  }
  const result: unknown = Object(first).result;
  if (!isPolicyResult(result)) {
    throw new PolicyEvaluationError(
      "invalid_result",
      `${entrypoint} did not answer with a decision`,
    );
  }
  return result;
}

/** The SDK throws strings and plain objects: whatever comes becomes one typed error. */
function guard<T>(reason: PolicyEvaluationError["reason"], work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new PolicyEvaluationError(reason, textOf(thrown), thrown);
  }
}

async function attempt<T>(
  reason: PolicyEvaluationError["reason"],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new PolicyEvaluationError(reason, textOf(thrown), thrown);
  }
}

function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  const message: unknown = Object(thrown).message;
  return typeof message === "string" ? message : "the policy engine failed";
}
