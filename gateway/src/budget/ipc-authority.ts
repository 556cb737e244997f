import type { Answer, Authority, Message } from "./protocol.ts";

/** A keeper answers within a fraction of this, or is not there any more. */
const ANSWER_WITHIN_MS = 2_000;

/** The keeper did not answer. */
export class KeeperSilentError extends Error {
  readonly code = "WEIR_KEEPER_SILENT";
}

interface Pending {
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** A worker's way to the keeper of its machine, over the channel to the supervisor. */
export class IpcAuthority implements Authority {
  readonly #send: (id: number, message: Message) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(send: (id: number, message: Message) => void) {
    this.#send = send;
  }

  exchange(message: Message): Promise<readonly Answer[]> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new KeeperSilentError("the keeper of the budgets did not answer"));
      }, ANSWER_WITHIN_MS);
      this.#pending.set(id, { resolve, reject, timer });
      this.#send(id, message);
    });
  }

  /** @param answers - null when the keeper could not tell. */
  receive(id: number, answers: readonly Answer[] | null): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (answers === null) pending.reject(new KeeperSilentError("the keeper could not tell"));
    else pending.resolve(answers);
  }
}
