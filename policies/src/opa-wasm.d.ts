/** The package's own types know neither entrypoint names nor the instance behind a policy. */
declare module "@open-policy-agent/opa-wasm" {
  export interface LoadedPolicy {
    readonly entrypoints: Readonly<Record<string, number>>;
    readonly mem: { readonly buffer: ArrayBuffer; grow(pages: number): number };
    /** Where the data document stands, and where the heap begins behind it. */
    readonly dataAddr: number;
    readonly dataHeapPtr: number;
    readonly wasmInstance: {
      readonly exports: {
        opa_eval(
          reserved: 0,
          entrypoint: number,
          data: number,
          input: number,
          inputLength: number,
          heap: number,
          format: number,
        ): number;
      };
    };
    evaluate(input: unknown, entrypoint: number | string): unknown;
    setData(data: object): void;
  }
  export function loadPolicy(
    policy: WebAssembly.Module,
    memory?: number,
    customBuiltins?: Record<string, (...args: unknown[]) => unknown>,
  ): Promise<LoadedPolicy>;
}
