import { Refusal } from "../refusal.ts";

/** Room that all calls of a worker share. */
export interface SharedRoom {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** What one call holds of the shared room; given back as a whole when the call has ended. */
export class HeldRoom {
  readonly #room: SharedRoom;
  #bytes = 0;

  constructor(room: SharedRoom) {
    this.#room = room;
  }

  /** @throws Refusal WEIR_OVERLOADED */
  take(bytes: number): void {
    if (!this.#room.take(bytes)) throw new Refusal("WEIR_OVERLOADED");
    this.#bytes += bytes;
  }

  giveBack(): void {
    this.#room.giveBack(this.#bytes);
    this.#bytes = 0;
  }
}
