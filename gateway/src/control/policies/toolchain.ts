import type { PolicySources } from "./sources.ts";
import type { PolicyError } from "./status.ts";

export type CompileResult =
  | { readonly ok: true; readonly wasm: Uint8Array }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/** What turns Rego into something that proxies can evaluate. */
export interface PolicyToolchain {
  /** Changes whenever the same sources could give another result. */
  readonly identity: string;
  /** Checks the sources, runs their tests, and builds them: all of it, or errors. Never throws. */
  compile: (sources: PolicySources, entrypoints: readonly string[]) => Promise<CompileResult>;
  close: () => Promise<void>;
}
