/**
 * Content blocks of a Messages stream come one after the other, while a chat stream may give its
 * parallel tool calls in turns. The first block that is open streams; later ones wait.
 */
import type { JsonObject } from "../../dialects/json-body.ts";

interface Block {
  id: string;
  index: number;
  start: JsonObject;
  waiting: JsonObject[];
  ended: boolean;
}

export type MessagesEvent = JsonObject & { type: string };

type Emit = (event: MessagesEvent) => void;

export class BlockQueue {
  readonly #emit: Emit;
  #open: Block[] = [];
  #count = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  has(id: string): boolean {
    return this.#open.some((block) => block.id === id && !block.ended);
  }

  /** @param start the block as content_block_start tells it */
  start(id: string, start: JsonObject): void {
    const block = { id, index: this.#count, start, waiting: [], ended: false };
    this.#count += 1;
    this.#open.push(block);
    if (this.#open.length === 1) this.#begin(block);
  }

  delta(id: string, delta: JsonObject): void {
    const block = this.#open.find((open) => open.id === id && !open.ended);
    if (block === undefined) return;
    if (block === this.#open[0]) this.#sendDelta(block, delta);
    else block.waiting.push(delta);
  }

  end(id: string): void {
    const block = this.#open.find((open) => open.id === id && !open.ended);
    if (block === undefined) return;
    block.ended = true;
    this.#advance();
  }

  endAll(): void {
    for (const block of this.#open) block.ended = true;
    this.#advance();
  }

  #advance(): void {
    for (let [first] = this.#open; first?.ended === true; [first] = this.#open) {
      this.#emit({ type: "content_block_stop", index: first.index });
      this.#open.shift();
      const [next] = this.#open;
      if (next !== undefined) this.#begin(next);
    }
  }

  #begin(block: Block): void {
    this.#emit({ type: "content_block_start", index: block.index, content_block: block.start });
    for (const delta of block.waiting.splice(0)) this.#sendDelta(block, delta);
  }

  #sendDelta(block: Block, delta: JsonObject): void {
    this.#emit({ type: "content_block_delta", index: block.index, delta });
  }
}
