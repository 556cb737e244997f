/**
 * Writes `capabilities.json`: the built-ins that enforcement really has. Each built-in of this OPA
 * version is compiled into a tiny policy; one that the policy's WebAssembly module still asks its
 * host for is left out, unless the evaluator's SDK implements it as OPA does.
 *
 * Run: `pnpm --filter @weir/policies run build:capabilities`
 */
import { writeFileSync } from "node:fs";
import type { NativeCapabilities } from "./compiler-protocol.ts";
import { createPolicyCompiler } from "./compiler.ts";

/** Implemented by the SDK; `sprintf` only in the forms that the compiler's lint lets through. */
const fromSdk = new Set(["sprintf"]);
/** Clocks, randomness and output make a decision unrepeatable; `print` is for tests alone. */
const never = new Set(["print", "internal.print", "trace", "rand.intn"]);

/** Arguments that the compiler's lint wants to see literally. */
const probes: Record<string, Record<number, string>> = { "glob.match": { 1: '["."]' } };

type Builtin = NativeCapabilities["builtins"][number];

const path = new URL("../capabilities.json", import.meta.url);
const compiler = createPolicyCompiler({ capabilities: "native" });
try {
  const native = await compiler.nativeCapabilities();
  if (native === undefined) throw new Error("the compiler did not tell its capabilities");
  const kept: Builtin[] = [];
  for (const builtin of native.builtins) {
    if (never.has(builtin.name)) continue;
    if (fromSdk.has(builtin.name) || (await isNative(builtin))) kept.push(builtin);
  }
  writeFileSync(path, `${JSON.stringify({ ...native, builtins: kept }, null, 1)}\n`);
  process.stdout.write(`${kept.length} of ${native.builtins.length} built-ins\n`);
} finally {
  await compiler.close();
}

async function isNative(builtin: Builtin): Promise<boolean> {
  // Operators, and what the compiler rewrites away, are not called by name.
  if (builtin.infix !== undefined || builtin.name.startsWith("internal.")) return true;
  const args = (builtin.decl.args ?? []).map(
    (_, at) => probes[builtin.name]?.[at] ?? `input.a${at}`,
  );
  const source = `package probe\nanswer := ${builtin.name}(${args.join(", ")})\n`;
  const { errors, wasm } = await compiler.build({
    files: { "probe.rego": source },
    entrypoints: ["probe/answer"],
  });
  return errors.length === 0 && !(await hostBuiltins(wasm)).includes(builtin.name);
}

/** Names of the built-ins that a policy module expects of its host (OPA's wasm ABI, `builtins`). */
async function hostBuiltins(wasm: Buffer): Promise<string[]> {
  const memory = new WebAssembly.Memory({ initial: 5 });
  const stub = () => 0;
  const env: Record<string, unknown> = {
    memory,
    opa_abort: stub,
    opa_println: stub,
  };
  for (let arity = 0; arity <= 4; arity += 1) env[`opa_builtin${arity}`] = stub;
  const { instance } = await WebAssembly.instantiate(new Uint8Array(wasm), { env });
  const call = (name: string, ...args: number[]): number => {
    const exported = instance.exports[name];
    return typeof exported === "function" ? Number(exported(...args)) : 0;
  };
  const address = call("opa_json_dump", call("builtins"));
  const bytes = Buffer.from(memory.buffer);
  const text = bytes.toString("utf8", address, bytes.indexOf(0, address));
  return Object.keys(JSON.parse(text));
}
