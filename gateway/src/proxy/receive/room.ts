import { Refusal } from "../refusal.ts";

/** Room that all calls of a worker share. */
export interface SharedRoom {
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** What one call holds: of the shared room, and streams; given back as a whole when it has ended. */
export class HeldRoom {
  readonly #room: SharedRoom;
  readonly #releases: (() => void)[] = [];
  #bytes = 0;

  constructor(room: SharedRoom) {
    this.#room = room;
  }

  /** @throws Refusal WEIR_OVERLOADED */
  take(bytes: number): void {
    if (!this.#room.take(bytes)) throw new Refusal("WEIR_OVERLOADED");
    this.#bytes += bytes;
  }

  /** Called when the call has ended, however it did. */
  onGiveBack(release: () => void): void {
    this.#releases.push(release);
  }

  giveBack(): void {
    this.#room.giveBack(this.#bytes);
    this.#bytes = 0;
    for (const release of this.#releases.splice(0)) release();
  }
}
