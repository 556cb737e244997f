import type { ChildProcess } from "node:child_process";
import type { Answer, Message } from "../budget/protocol.ts";
import { isFromPeer } from "./from-peer.ts";
import type { FromChild, ToChild } from "./messages.ts";

/** The child said that it cannot start, and why. */
export class ChildFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "ChildFault";
    this.code = code;
  }
}

/** The child ended without a word. */
export class ChildDied extends Error {
  readonly code = "WEIR_CHILD_DIED";
}

/** A forked process and the conversation with it. It waits for `start` before it does anything. */
export class Child {
  /** How it ended, in words. */
  readonly exited: Promise<string>;
  readonly pid: number | undefined;
  /** Answers what the child asks of the keeper of budgets. */
  onBudget: ((message: Message) => Promise<readonly Answer[]>) | null = null;
  readonly #process: ChildProcess;
  readonly #up = Promise.withResolvers<unknown>();
  readonly #serving = Promise.withResolvers<void>();
  readonly #metrics = new Map<number, (metrics: readonly object[]) => void>();
  #nextId = 1;

  constructor(process: ChildProcess) {
    this.#process = process;
    this.pid = process.pid;
    const exited = Promise.withResolvers<string>();
    this.exited = exited.promise;
    // Whoever waits for them is told; where nobody waits, that is no unhandled rejection.
    this.#up.promise.catch(() => undefined);
    this.#serving.promise.catch(() => undefined);
    process.on("message", (message) => {
      if (isFromPeer<FromChild>(message)) this.#receive(message);
    });
    const end = (how: string) => {
      this.#fail(new ChildDied(how));
      exited.resolve(how);
    };
    process.once("error", (error) => end(`could not be started: ${error.message}`));
    process.once("exit", (code, signal) =>
      end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  }

  /** @returns what the child says of itself. @throws ChildFault or ChildDied. */
  start(settings: unknown): Promise<unknown> {
    this.tell({ type: "start", settings });
    return this.#up.promise;
  }

  /** Resolves when the child can do its work. @throws ChildFault or ChildDied. */
  get serving(): Promise<void> {
    return this.#serving.promise;
  }

  tell(message: ToChild): void {
    if (!this.#process.connected) return;
    // A child that has just died cannot hear it: its exit is noticed anyway.
    this.#process.send(message, () => undefined);
  }

  /** Null when the child does not answer in time. */
  metrics(timeoutMs: number): Promise<readonly object[] | null> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      const finish = (metrics: readonly object[] | null) => {
        clearTimeout(timer);
        this.#metrics.delete(id);
        resolve(metrics);
      };
      const timer = setTimeout(() => finish(null), timeoutMs);
      this.#metrics.set(id, finish);
      this.tell({ type: "metrics", id });
    });
  }

  /** Asks it to end; ends it when it has not after `graceMs`. @returns how it ended. */
  async stop(graceMs: number): Promise<string> {
    this.tell({ type: "stop" });
    const late = setTimeout(() => this.kill(), graceMs);
    const how = await this.exited;
    clearTimeout(late);
    return how;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #receive(message: FromChild): void {
    switch (message.type) {
      case "up":
        this.#up.resolve(message.facts);
        return;
      case "serving":
        this.#serving.resolve();
        return;
      case "failed":
        this.#fail(new ChildFault(message.code, message.message));
        return;
      case "budget":
        void this.#answerBudget(message.id, message.message);
        return;
      case "metrics":
        this.#metrics.get(message.id)?.(message.metrics);
    }
  }

  async #answerBudget(id: number, message: Message): Promise<void> {
    const answers = await (
      this.onBudget?.(message) ?? Promise.reject(new Error("no keeper"))
    ).catch(() => null);
    this.tell({ type: "budget", id, answers });
  }

  #fail(error: Error): void {
    this.#up.reject(error);
    this.#serving.reject(error);
  }
}
