import type { FastifyInstance } from "fastify";
import { ControlError } from "../errors.ts";

function parseForm(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    // RFC 6749 §3.2: two values would let two readers see two requests.
    if (name in fields)
      throw new ControlError("WEIR_INVALID_REQUEST", `The field "${name}" is there twice.`);
    fields[name] = value;
  }
  return fields;
}

/** Lets the routes of this plugin take what OAuth clients send; no other route does. */
export function acceptForms(app: FastifyInstance): void {
  const options = { parseAs: "string" } as const;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    options,
    async (_request: unknown, body: string | Buffer) => parseForm(body.toString()),
  );
}
