import { type Form, readForm } from "./form.ts";
import { BadRequest } from "./request.ts";
import { sendError } from "./send.ts";
import { serveRead } from "./serve-call.ts";
import type { Asked, Format, Received } from "./wire.ts";

export interface FormReader {
  readonly read: (form: Form) => Asked;
  /** Whether the files' bytes are needed; default false. */
  readonly keepsFiles?: boolean;
}

/** Answers one multipart request and enters it in the ledger. Its route leaves the body unread. */
export function serveForm(format: Format, call: Received, reader: FormReader): void {
  const { read, keepsFiles = false } = reader;
  readForm(call.message, { maxBytes: call.maxBodyBytes, keepsFiles }, (outcome) => {
    if ("form" in outcome) {
      serveRead(format, call, outcome.body, () => read(outcome.form));
    } else if (outcome.problem === "too_large") {
      sendError(call.response, format, 413, "The request's body is too large");
    } else {
      serveRead(format, call, outcome.body, () => {
        throw new BadRequest("The request's body must be a whole multipart form", null);
      });
    }
  });
}

/** @throws {BadRequest} when the form has no such file. */
export function fileOf(form: Form, field: string): Form["files"][number] {
  const file = form.files.find((candidate) => candidate.field === field);
  if (file === undefined) throw new BadRequest(`${field} is missing`, field);
  return file;
}

/** @throws {BadRequest} when the form has no such field. */
export function fieldOf(form: Form, name: string): string {
  const value = form.fields.get(name);
  if (value === undefined) throw new BadRequest(`${name} is missing`, name);
  return value;
}
