/** The package's own types know neither entrypoint names nor the memory. */
declare module "@open-policy-agent/opa-wasm" {
  export interface LoadedPolicy {
    readonly entrypoints: Readonly<Record<string, number>>;
    readonly mem: WebAssembly.Memory;
    evaluate(input: unknown, entrypoint: number | string): unknown;
    setData(data: object): void;
  }
  export function loadPolicy(
    policy: WebAssembly.Module,
    memory?: number,
    customBuiltins?: Record<string, (...args: unknown[]) => unknown>,
  ): Promise<LoadedPolicy>;
}
