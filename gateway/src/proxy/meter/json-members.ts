const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** Usage and names are far smaller; images and vectors, far larger, are passed over. */
const MAX_VALUE_BYTES = 65_536;

/**
 * Collects the small members of one large JSON object as its bytes go by, so that an answer which
 * is too large to be held can still be metered. Linear, and bounded whatever the object holds.
 */
export class JsonMembers {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Name and value of the member that is being read, as JSON text in pieces. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #members: Record<string, unknown> = Object.create(null);
  #count = 0;

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === 0x7b || byte === 0x5b) {
        this.#depth += 1;
        if (this.#depth === 1) from = at + 1;
      } else if (byte === 0x7d || byte === 0x5d) {
        this.#depth -= 1;
        if (this.#depth === 0) from = this.#endMember(chunk, from, at);
      } else if (this.#depth === 1 && byte === COMMA) from = this.#endMember(chunk, from, at);
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(from));
  }

  /** The members that were small enough, as far as they have come. */
  members(): Record<string, unknown> {
    return this.#members;
  }

  #keep(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > MAX_VALUE_BYTES) this.#pieces = [];
    else this.#pieces.push(Buffer.from(piece));
  }

  #endMember(chunk: Buffer, from: number, end: number): number {
    this.#keep(chunk.subarray(from, end));
    if (this.#bytes <= MAX_VALUE_BYTES && this.#count < 100) this.#add(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
    return end + 1;
  }

  #add(member: Buffer): void {
    try {
      const object: unknown = JSON.parse(`{${member.toString("utf8")}}`);
      Object.assign(this.#members, object);
      this.#count += 1;
    } catch {
      // What is no JSON tells nothing.
    }
  }
}
