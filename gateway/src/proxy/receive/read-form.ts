/** Reads a multipart form (RFC 7578) only as far as is needed to decide on it. */
import type { IncomingMessage } from "node:http";
import { Transform, pipeline, type Readable } from "node:stream";
import { Busboy, type BusboyHeaders, type BusboyInstance } from "@fastify/busboy";
import type { FormOperation } from "../dialects/dialect.ts";
import { Refusal } from "../refusal.ts";
import { bodyTooLarge, ClientGone } from "./read-body.ts";
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

const MAX_FIELD_BYTES = 65_536;
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;

/**
 * Holds a form until the fields that decide are known: until a file begins after the needed field,
 * or the form has ended. A client that sends its fields before its file has the file streamed.
 *
 * @throws Refusal WEIR_FORM_INVALID, WEIR_BODY_TOO_LARGE, WEIR_OVERLOADED; ClientGone
 */
export async function openForm(
  request: IncomingMessage,
  operation: Pick<FormOperation, "governedFields" | "neededField">,
  bounds: FormBounds,
  room: HeldRoom,
): Promise<OpenForm> {
  const contentType = request.headers["content-type"] ?? "";
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\/form-data/i.test(contentType) || boundary === undefined) {
    throw formInvalid("Send it as multipart/form-data.");
  }
  const fields = new Map<string, string>();
  const decided = Promise.withResolvers<void>();
  decided.promise.catch(() => undefined);
  const state = { isDecided: false, bytes: 0 };
  const fail = (refusal: Error) => {
    decided.reject(refusal);
    rest.destroy(refusal);
  };
  const parser = openParser({ ...request.headers, "content-type": contentType });
  parser.on("field", (name, value, nameTruncated, valueTruncated) => {
    const lower = name.toLowerCase();
    if (nameTruncated || !operation.governedFields.includes(lower)) return;
    if (name !== lower || valueTruncated) fail(formInvalid(`Write the field '${lower}' plainly.`));
    else if (fields.has(name)) fail(formInvalid(`The field '${name}' stands twice.`));
    else if (state.isDecided) fail(formInvalid(`Send the field '${name}' before the file.`));
    else fields.set(name, value);
  });
  parser.on("file", (name, stream) => {
    stream.resume();
    if (operation.governedFields.includes(name.toLowerCase())) {
      fail(formInvalid(`The field '${name}' must not be a file.`));
    } else if (operation.neededField === null || fields.has(operation.neededField)) {
      decided.resolve();
    }
  });
  parser.on("error", (cause: unknown) => fail(formInvalid("It is broken.", cause)));
  parser.on("finish", () => decided.resolve());

  const held: Buffer[] = [];
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      state.bytes += chunk.length;
      if (state.bytes > bounds.maxBytes) done(bodyTooLarge(bounds.maxBytes, "maxUploadBytes"));
      else parser.write(chunk, () => done(null, chunk));
    },
    flush(done) {
      parser.end(() => done());
    },
  });
  rest.on("error", (error) => {
    decided.reject(error instanceof Refusal ? error : new ClientGone());
    request.resume();
  });
  const onHeld = (chunk: Buffer) => {
    held.push(chunk);
    try {
      room.take(chunk.length);
    } catch (refusal) {
      fail(refusal instanceof Error ? refusal : new Refusal("WEIR_OVERLOADED"));
      return;
    }
    if (state.bytes > bounds.maxHeldBytes) fail(heldTooLarge(operation.neededField));
  };
  rest.on("data", onHeld);
  pipeline(request, rest, () => undefined);
  await decided.promise;
  state.isDecided = true;
  rest.off("data", onHeld);
  rest.pause();
  return {
    fields,
    head: Buffer.concat(held),
    rest,
    boundary,
    get bytes() {
      return state.bytes;
    },
  };
}

function openParser(headers: BusboyHeaders): BusboyInstance {
  try {
    return new Busboy({
      headers,
      limits: { fieldSize: MAX_FIELD_BYTES, fields: 1_000, files: 1_000, headerPairs: 100 },
    });
  } catch (cause) {
    throw formInvalid("Its content-type cannot be read.", cause);
  }
}

function heldTooLarge(field: string | null): Refusal {
  return new Refusal("WEIR_BODY_TOO_LARGE", {
    message: `The form is too large to be held until its field '${field ?? ""}' comes (limits.maxBodyBytes). Send that field before the file.`,
  });
}

function formInvalid(advice: string, cause?: unknown): Refusal {
  return new Refusal("WEIR_FORM_INVALID", {
    message: `The request body is not a form that can be decided on. ${advice}`,
    cause,
  });
}
