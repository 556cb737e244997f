/** The worker thread that holds one instance of OPA's Go library, compiled to WebAssembly. */
import { WASI } from "node:wasi";
import { parentPort, workerData } from "node:worker_threads";

/** What `compiler/main.go` exports. */
interface Compiler {
  memory: WebAssembly.Memory;
  allocate(size: number): number;
  handle(): number;
  result(): number;
}

/** Safe because artefact and sources belong together, which a test of their digests shows. */
function asCompiler(exports: unknown): Compiler {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return exports as Compiler;
}

// No folders, no variables, no arguments: a policy finds nothing of this machine to read.
const wasi = new WASI({ version: "preview1", args: [], env: {}, preopens: {} });
const module: WebAssembly.Module = workerData;
const instance = new WebAssembly.Instance(module, { ...wasi.getImportObject() });
wasi.initialize(instance);
const compiler = asCompiler(instance.exports);

function ask(request: string): string {
  const bytes = Buffer.from(request);
  const at = compiler.allocate(bytes.length);
  Buffer.from(compiler.memory.buffer, at, bytes.length).set(bytes);
  const length = compiler.handle();
  return Buffer.from(compiler.memory.buffer, compiler.result(), length).toString("utf8");
}

parentPort?.on("message", (request: string) => {
  const answer = ask(request);
  parentPort?.postMessage({ answer, memoryBytes: compiler.memory.buffer.byteLength });
});
parentPort?.postMessage({ ready: true });
