/** What the compiler is asked and what it answers; `compiler/protocol.go` is the other side. */

/** Rego sources by path. */
export type PolicyFiles = Readonly<Record<string, string>>;

/** One error with its place. Rows and columns count from 1; 0 = unknown. */
export interface PolicyProblem {
  file: string;
  row: number;
  column: number;
  code: string;
  message: string;
}

export interface PolicyTest {
  package: string;
  name: string;
  file: string;
  row: number;
  outcome: "pass" | "fail" | "error" | "skip";
  message?: string;
  output?: string;
}

export interface PolicyCoverage {
  /** 0 to 100, over all policies, tests left out. */
  percent: number;
  files: Record<string, { percent: number; notCovered: number[] }>;
}

export interface CompilerRequest {
  op: "check" | "build" | "test" | "eval" | "fmt" | "capabilities";
  files: PolicyFiles;
  capabilities?: unknown;
  schemas?: Record<string, unknown>;
  entrypoints?: readonly string[];
  query?: string;
  input?: unknown;
  data?: unknown;
  trace?: boolean;
  coverage?: boolean;
}

export interface CompilerAnswer {
  errors: PolicyProblem[] | null;
  /** policy.wasm, base64. */
  wasm?: string;
  /** The bundle as OPA's tools read it (tar.gz), base64. */
  bundle?: string;
  tests?: PolicyTest[];
  coverage?: PolicyCoverage;
  result?: unknown;
  defined?: boolean;
  trace?: string;
  files?: Record<string, string>;
  capabilities?: NativeCapabilities;
}

/** Everything this version of OPA declares. */
export interface NativeCapabilities {
  builtins: { name: string; decl: { args?: unknown[] }; infix?: string }[];
}
