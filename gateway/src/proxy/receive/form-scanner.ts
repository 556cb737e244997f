/**
 * Reads a multipart form (RFC 2046 §5.1, RFC 7578) as it streams by. Strict on purpose, and
 * therefore our own: the form goes on to a provider whose reader nobody knows here, and every
 * liberty that a lenient one takes is a field that policy did not see.
 */
import { type FormPart, readPartHead } from "./form-head.ts";
import { formInvalid } from "./form-invalid.ts";

export interface FormEvents {
  /** A part begins. True = its text is wanted. */
  onPart(part: FormPart): boolean;
  /** The text of a wanted part. */
  onText(name: string, text: string): void;
}

const MAX_HEAD_BYTES = 8_192;
const MAX_TEXT_BYTES = 65_536;
const MAX_PARTS = 1_000;
const CRLF = "\r\n";

type State = "start" | "delimiter" | "head" | "body" | "end";

export class FormScanner {
  readonly #delimiter: Buffer;
  readonly #events: FormEvents;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #state: State = "start";
  #pending: Buffer = Buffer.alloc(0);
  #parts = 0;
  /** Name of the part whose text is wanted. */
  #wanted: string | null = null;

  constructor(boundary: string, events: FormEvents) {
    this.#delimiter = Buffer.from(`--${boundary}`, "latin1");
    this.#events = events;
  }

  /** @throws Refusal WEIR_FORM_INVALID, or what the events throw */
  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#step());
  }

  /** @throws Refusal WEIR_FORM_INVALID when the form is not whole */
  end(): void {
    const rest = this.#pending.toString("latin1");
    if (this.#state !== "end" || (rest !== "" && rest !== CRLF)) throw formInvalid("It is broken.");
  }

  /** False when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case "start":
        return this.#start();
      case "delimiter":
        return this.#afterDelimiter();
      case "head":
        return this.#head();
      case "body":
        return this.#body();
      default:
        if (this.#pending.length > CRLF.length) throw formInvalid("Something follows its end.");
        return false;
    }
  }

  #start(): boolean {
    if (this.#pending.length < this.#delimiter.length) return false;
    if (this.#pending.indexOf(this.#delimiter) !== 0) {
      throw formInvalid("It does not begin with its boundary.");
    }
    this.#take(this.#delimiter.length);
    this.#state = "delimiter";
    return true;
  }

  #afterDelimiter(): boolean {
    if (this.#pending.length < CRLF.length) return false;
    const after = this.#take(CRLF.length).toString("latin1");
    if (after !== CRLF && after !== "--") throw formInvalid("Its boundary stands in its content.");
    this.#state = after === CRLF ? "head" : "end";
    return true;
  }

  #head(): boolean {
    const end = this.#pending.indexOf(`${CRLF}${CRLF}`);
    if (end === -1 || end > MAX_HEAD_BYTES) {
      if (this.#pending.length > MAX_HEAD_BYTES) throw formInvalid("A part's head is too long.");
      return false;
    }
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw formInvalid(`It has more than ${MAX_PARTS} parts.`);
    const head = this.#decode(this.#take(end));
    this.#take(CRLF.length * 2);
    const part = readPartHead(head);
    this.#wanted = this.#events.onPart(part) ? part.name : null;
    this.#state = "body";
    return true;
  }

  #body(): boolean {
    const found = this.#pending.indexOf(this.#delimiter);
    if (found === -1) {
      if (this.#wanted === null) this.#dropSeen();
      else if (this.#pending.length > MAX_TEXT_BYTES) throw tooLong(this.#wanted);
      return false;
    }
    const body = this.#take(found);
    // Some readers take a delimiter after any line break, or after none.
    if (body.subarray(-CRLF.length).toString("latin1") !== CRLF) {
      throw formInvalid("Its boundary stands in its content.");
    }
    if (this.#wanted !== null) {
      if (body.length > MAX_TEXT_BYTES) throw tooLong(this.#wanted);
      this.#events.onText(this.#wanted, this.#decode(body.subarray(0, -CRLF.length)));
    }
    this.#take(this.#delimiter.length);
    this.#state = "delimiter";
    return true;
  }

  /** Keeps only what may be the beginning of a delimiter and the line break before it. */
  #dropSeen(): void {
    const kept = this.#delimiter.length + CRLF.length;
    if (this.#pending.length > kept) this.#take(this.#pending.length - kept);
  }

  #take(bytes: number): Buffer {
    const taken = this.#pending.subarray(0, bytes);
    this.#pending = this.#pending.subarray(bytes);
    return taken;
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw formInvalid("A name or a field of it is not in UTF-8.", cause);
    }
  }
}

function tooLong(name: string) {
  return formInvalid(`The field '${name}' is too long.`);
}
