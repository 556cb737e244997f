/** Reads a multipart form (RFC 7578) only as far as is needed to decide on it. */
import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { ClientGone } from "../client-gone.ts";
import type { FormOperation } from "../dialects/dialect.ts";
import { asRefusal, Refusal } from "../refusal.ts";
import { feed } from "./feed.ts";
import { formBoundary } from "./form-boundary.ts";
import type { FormPart } from "./form-head.ts";
import { formInvalid } from "./form-invalid.ts";
import { FormScanner } from "./form-scanner.ts";
import { bodyTooLarge } from "./read-body.ts";
import type { HeldRoom } from "./room.ts";

export interface OpenForm {
  /** Governed fields that came before the decision. */
  readonly fields: ReadonlyMap<string, string>;
  /** What has been held so far. */
  readonly head: Buffer;
  /** What is still to come; destroyed with a Refusal when it says anything that should have been decided on. */
  readonly rest: Readable;
  readonly boundary: string;
  readonly bytes: number;
}

export interface FormBounds {
  /** Held while the deciding fields have not come. */
  maxHeldBytes: number;
  maxBytes: number;
}

type Governed = Pick<FormOperation, "governedFields" | "neededField">;

/**
 * Holds a form until the fields that decide are known: until a file begins after the needed field,
 * or the form has ended. A client that sends its fields before its file has the file streamed.
 *
 * @throws Refusal WEIR_FORM_INVALID, WEIR_BODY_TOO_LARGE, WEIR_OVERLOADED; ClientGone
 */
export async function openForm(
  request: IncomingMessage,
  operation: Governed,
  bounds: FormBounds,
  room: HeldRoom,
): Promise<OpenForm> {
  const boundary = formBoundary(request.headers["content-type"] ?? "");
  const reading = new FormReading(boundary, operation);
  const state = { bytes: 0 };
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      state.bytes += chunk.length;
      if (state.bytes > bounds.maxBytes) done(bodyTooLarge(bounds.maxBytes, "maxUploadBytes"));
      else
        done(
          attempted(() => reading.scanner.push(chunk)),
          chunk,
        );
    },
    flush(done) {
      done(attempted(() => reading.end()));
    },
  });
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  const held: Buffer[] = [];
  const onHeld = (chunk: Buffer) => {
    const failure = attempted(() => room.take(chunk.length));
    held.push(chunk);
    if (failure !== null) rest.destroy(failure);
    else if (reading.isDecided) resolve();
    else if (state.bytes > bounds.maxHeldBytes) rest.destroy(heldTooLarge(operation.neededField));
  };
  rest.on("data", onHeld);
  rest.once("end", resolve);
  rest.on("error", (error) => reject(error instanceof Refusal ? error : new ClientGone()));
  feed(request, rest);
  room.onGiveBack(() => rest.destroy());
  await opened;
  rest.off("data", onHeld);
  rest.pause();
  return {
    fields: reading.fields,
    head: Buffer.concat(held),
    rest,
    boundary,
    get bytes() {
      return state.bytes;
    },
  };
}

/** Gathers the governed fields until a file begins after the needed one. */
class FormReading {
  readonly fields = new Map<string, string>();
  readonly scanner: FormScanner;
  readonly #operation: Governed;
  isDecided = false;

  constructor(boundary: string, operation: Governed) {
    this.#operation = operation;
    this.scanner = new FormScanner(boundary, {
      onPart: (part) => this.#begin(part),
      onText: (name, text) => this.fields.set(name, text),
    });
  }

  /** @throws Refusal WEIR_FORM_INVALID */
  end(): void {
    this.scanner.end();
    this.isDecided = true;
  }

  #begin({ name, isFile, isPlainText }: FormPart): boolean {
    const { governedFields, neededField } = this.#operation;
    const governed =
      governedFields.find((field) => field === name) ??
      governedFields.find((field) => isSpellingOf(field, name));
    if (governed === undefined) {
      if (isFile && (neededField === null || this.fields.has(neededField))) this.isDecided = true;
      return false;
    }
    if (isFile) throw formInvalid(`The field '${governed}' must not be a file.`);
    if (name !== governed || !isPlainText) {
      throw formInvalid(`Write the field '${governed}' plainly.`);
    }
    if (this.fields.has(name)) throw formInvalid(`The field '${name}' stands twice.`);
    if (this.isDecided) throw formInvalid(`Send the field '${name}' before the file.`);
    return true;
  }
}

/** Readers differ in case, and some take `model[]` for `model`. */
function isSpellingOf(field: string, name: string): boolean {
  const lower = name.toLowerCase();
  return lower === field || lower.startsWith(`${field}[`);
}

/** The error of an action that may throw one, or null. */
function attempted(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (thrown) {
    return asRefusal(thrown);
  }
}

function heldTooLarge(field: string | null): Refusal {
  return new Refusal("WEIR_BODY_TOO_LARGE", {
    message: `The form is too large to be held until its field '${field ?? ""}' comes (limits.maxBodyBytes). Send that field before the file.`,
  });
}
