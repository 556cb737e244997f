import { type Cursor, newCursor, readCursor, type ShipWork, writeCursor } from "../spool/cursor.ts";

export type Intent = NonNullable<Cursor["intent"]>;

/** The cursor of one spool, in memory and on the disk. */
export class CursorKeeper {
  readonly #directory: string;
  #cursor: Cursor;
  /** Whether the cursor on disk is behind the one in memory. */
  #dirty = false;

  private constructor(directory: string, cursor: Cursor) {
    this.#directory = directory;
    this.#cursor = cursor;
  }

  /** @throws CursorError */
  static async open(directory: string, spoolId: string): Promise<CursorKeeper> {
    return new CursorKeeper(directory, (await readCursor(directory)) ?? newCursor(spoolId));
  }

  get current(): Cursor {
    return this.#cursor;
  }

  get intent(): Intent {
    const { intent } = this.#cursor;
    if (intent === null) throw new Error("A batch is delivered only under an intent");
    return intent;
  }

  /** Changes what is known in memory; {@link save} or the next write makes it durable. */
  set(changes: Partial<Cursor>): void {
    this.#cursor = { ...this.#cursor, ...changes };
    this.#dirty = true;
  }

  setWork(work: readonly ShipWork[]): void {
    this.set({ intent: { ...this.intent, work: [...work] } });
  }

  /** Makes the cursor durable with these changes; without them when that fails. */
  async write(changes: Partial<Cursor> = {}): Promise<void> {
    const cursor = { ...this.#cursor, ...changes };
    await writeCursor(this.#directory, cursor);
    this.#cursor = cursor;
    this.#dirty = false;
  }

  async save(): Promise<void> {
    if (this.#dirty) await this.write();
  }
}
