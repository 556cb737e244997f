/** Recognises a session that does the same over and over. */
export interface LoopBounds {
  /** 0 = off. */
  readonly identicalCalls: number;
  readonly alternations: number;
}

export type Loop = "identical_calls" | "alternating_calls";

/** The tail of a session's calls, by digest; what it holds does not grow with the session. */
export class CallLoop {
  #last = "";
  #before = "";
  #identical = 0;
  #alternating = 0;

  /** One more call. @returns the loop that it completes or goes on with, or null */
  next(digest: string, { identicalCalls, alternations }: LoopBounds): Loop | null {
    if (digest === this.#last) {
      this.#identical += 1;
      this.#alternating = 1;
    } else {
      this.#identical = 1;
      // A B A B: each call is the one before the last.
      this.#alternating = digest === this.#before ? this.#alternating + 1 : 2;
      this.#before = this.#last;
      this.#last = digest;
    }
    if (identicalCalls > 0 && this.#identical >= identicalCalls) return "identical_calls";
    if (alternations > 0 && this.#alternating >= alternations * 2) return "alternating_calls";
    return null;
  }

  /** How many times in a row the last call was made. */
  get identicalInARow(): number {
    return this.#identical;
  }
}
