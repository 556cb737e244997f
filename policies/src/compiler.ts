/**
 * Checks, builds, tests, evaluates and formats Rego with OPA's own Go library, in a worker thread.
 * The gateway's control process and the command line use it; a proxy never loads it.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { PolicyCompilerError } from "./compiler-error.ts";
import type {
  CompilerAnswer,
  CompilerRequest,
  NativeCapabilities,
  PolicyCoverage,
  PolicyFiles,
  PolicyProblem,
  PolicyTest,
} from "./compiler-protocol.ts";
import { WorkerSlot } from "./worker-slot.ts";

export { PolicyCompilerError } from "./compiler-error.ts";
export type {
  PolicyCoverage,
  PolicyFiles,
  PolicyProblem,
  PolicyTest,
} from "./compiler-protocol.ts";

export interface PolicyCompilerOptions {
  /** After this long a request is given up and its worker ended. */
  deadlineMs?: number;
  /** Go's heap in WebAssembly only grows: a worker is replaced after so many requests … */
  maxRequests?: number;
  /** … or above this size. */
  maxMemoryBytes?: number;
  /** Requests that may wait for the worker. */
  maxWaiting?: number;
  /** `native` = all of OPA's built-ins: only to find out what enforcement has. */
  capabilities?: "enforced" | "native";
}

export interface BuiltPolicy {
  errors: PolicyProblem[];
  /** policy.wasm for `loadPolicyEvaluator`; empty when there are errors. */
  wasm: Buffer;
  /** The same as a bundle for OPA's tools (tar.gz). */
  bundle: Buffer;
}

export interface PolicyTestRun {
  errors: PolicyProblem[];
  tests: PolicyTest[];
  coverage: PolicyCoverage | null;
}

export interface PolicyEvaluation {
  errors: PolicyProblem[];
  /** False when the query is undefined. */
  defined: boolean;
  result: unknown;
  /** How OPA came to the result; empty unless asked for. */
  trace: string;
}

export interface PolicyCompiler {
  /** Parses, compiles strictly, checks types against the input schema, and lints. */
  check(files: PolicyFiles): Promise<PolicyProblem[]>;
  build(request: {
    files: PolicyFiles;
    entrypoints: readonly string[];
    data?: unknown;
  }): Promise<BuiltPolicy>;
  test(
    files: PolicyFiles,
    options?: { coverage?: boolean; data?: unknown },
  ): Promise<PolicyTestRun>;
  eval(request: {
    files: PolicyFiles;
    query: string;
    input?: unknown;
    data?: unknown;
    trace?: boolean;
  }): Promise<PolicyEvaluation>;
  fmt(files: PolicyFiles): Promise<{ errors: PolicyProblem[]; files: PolicyFiles }>;
  /** Everything this version of OPA could do natively; our capabilities are a part of it. */
  nativeCapabilities(): Promise<NativeCapabilities | undefined>;
  close(): Promise<void>;
}

const packageRoot = new URL("../", import.meta.url);

/**
 * Names everything but the sources that a build depends on: the compiler itself, the built-ins it
 * allows, the input schema it checks against. A policy kept under another name must be built again.
 */
export function compilerIdentity(): string {
  const parts = ["compiler/compiler.digests.json", "capabilities.json", "schema/input.json"];
  const texts = parts.map((path) => readFileSync(new URL(path, packageRoot), "utf8"));
  return hash("sha256", texts.join("\0"), "hex");
}

export function createPolicyCompiler(options: PolicyCompilerOptions = {}): PolicyCompiler {
  const ask = createQueue(options);
  const schemas = { input: readJson("schema/input.json") };
  const base =
    options.capabilities === "native"
      ? { schemas }
      : { schemas, capabilities: readJson("capabilities.json") };
  return {
    check: async (files) => errorsOf(await ask({ ...base, op: "check", files })),
    build: async (request) => {
      const answer = await ask({ ...base, op: "build", ...request });
      return {
        errors: errorsOf(answer),
        wasm: Buffer.from(answer.wasm ?? "", "base64"),
        bundle: Buffer.from(answer.bundle ?? "", "base64"),
      };
    },
    test: async (files, settings = {}) => {
      const answer = await ask({ ...base, op: "test", files, ...settings });
      return {
        errors: errorsOf(answer),
        tests: answer.tests ?? [],
        coverage: answer.coverage ?? null,
      };
    },
    eval: async (request) => {
      const answer = await ask({ ...base, op: "eval", ...request });
      return {
        errors: errorsOf(answer),
        defined: answer.defined ?? false,
        result: answer.result,
        trace: answer.trace ?? "",
      };
    },
    fmt: async (files) => {
      const answer = await ask({ ...base, op: "fmt", files });
      return { errors: errorsOf(answer), files: answer.files ?? {} };
    },
    nativeCapabilities: async () => (await ask({ op: "capabilities", files: {} })).capabilities,
    close: () => ask.close(),
  };
}

interface Queue {
  (request: CompilerRequest): Promise<CompilerAnswer>;
  close(): Promise<void>;
}

/** One request after the other, on a worker that is replaced before it grows old. */
function createQueue(options: PolicyCompilerOptions): Queue {
  const {
    deadlineMs = 10_000,
    maxRequests = 500,
    maxMemoryBytes = 512 * 1024 * 1024,
    maxWaiting = 100,
  } = options;
  let slot: Promise<WorkerSlot> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let closed = false;

  const retire = (old: Promise<WorkerSlot>) => {
    if (slot === old) slot = null;
    void old.then(
      (ended) => ended.end(),
      () => {},
    );
  };

  const serve = async (request: CompilerRequest): Promise<CompilerAnswer> => {
    if (closed) {
      throw new PolicyCompilerError(
        "WEIR_POLICY_COMPILER_CLOSED",
        "The policy compiler is closed.",
      );
    }
    slot ??= WorkerSlot.start();
    const current = slot;
    try {
      const worker = await current;
      const answer: CompilerAnswer = JSON.parse(
        await worker.ask(JSON.stringify(request), deadlineMs),
      );
      if (worker.served >= maxRequests || worker.memoryBytes > maxMemoryBytes) {
        // The next one starts before this one goes, so that nobody waits for a cold start.
        slot = WorkerSlot.start();
        retire(current);
      }
      return answer;
    } catch (error) {
      retire(current);
      throw error;
    }
  };

  const ask = async (request: CompilerRequest): Promise<CompilerAnswer> => {
    if (waiting >= maxWaiting) {
      throw new PolicyCompilerError(
        "WEIR_POLICY_COMPILER_BUSY",
        "Too many requests to the policy compiler.",
      );
    }
    waiting += 1;
    const mine = last.then(() => serve(request));
    last = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };

  const close = async () => {
    closed = true;
    await last;
    await (await slot)?.end();
  };
  return Object.assign(ask, { close });
}

function errorsOf(answer: CompilerAnswer): PolicyProblem[] {
  return answer.errors ?? [];
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, packageRoot), "utf8"));
}
