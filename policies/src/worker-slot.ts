import { Worker } from "node:worker_threads";
import { PolicyCompilerError } from "./compiler-error.ts";
import { compilerModule } from "./compiler-module.ts";

interface Reply {
  answer: string;
  memoryBytes: number;
}

/** One worker thread with one compiler in it; takes one request at a time. */
export class WorkerSlot {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  served = 0;
  memoryBytes = 0;

  private constructor(worker: Worker) {
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#ready = promise;
    // A slot that is started ahead of its use must not crash the process when it fails.
    promise.catch(() => {});
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the worker ended before it was ready")));
    worker.unref();
  }

  static async start(): Promise<WorkerSlot> {
    const worker = new Worker(new URL("./compiler-worker.ts", import.meta.url), {
      workerData: await compilerModule(),
      // node:wasi announces itself as experimental on every start.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: {},
    });
    return new WorkerSlot(worker);
  }

  /**
   * @throws PolicyCompilerError on time-out or crash; the slot is of no use afterwards.
   */
  async ask(request: string, deadlineMs: number): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const onError = (cause: unknown) =>
      reject(
        new PolicyCompilerError(
          "WEIR_POLICY_COMPILER_FAILED",
          "The policy compiler crashed.",
          cause,
        ),
      );
    const onExit = () => onError(new Error("the worker ended"));
    const timer = setTimeout(() => {
      const message = `The policy compiler took longer than ${deadlineMs} ms: look for a policy or test that never ends.`;
      reject(new PolicyCompilerError("WEIR_POLICY_COMPILER_TIMEOUT", message));
    }, deadlineMs);
    this.#worker.ref();
    this.#worker.once("error", onError);
    this.#worker.once("exit", onExit);
    try {
      await Promise.race([this.#ready.catch(onError), promise]);
      this.#worker.once("message", resolve);
      this.#worker.postMessage(request);
      const reply = await promise;
      this.served += 1;
      this.memoryBytes = reply.memoryBytes;
      return reply.answer;
    } finally {
      clearTimeout(timer);
      this.#worker.off("message", resolve);
      this.#worker.off("error", onError);
      this.#worker.off("exit", onExit);
      this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
