import { ScimError, type ScimErrorCode } from "../scim-error.ts";

/** `name`, `name.sub` or `{schema}:name.sub`; everything in lower case, as names are compared. */
export interface AttributePath {
  readonly schema: string | null;
  readonly name: string;
  readonly sub: string | null;
}

const attributeName = /^\$?[a-z][a-z0-9_-]*$/;

/** Reads an attribute path (RFC 7644 §3.10). @throws {ScimError} with the code given. */
export function parseAttributePath(text: string, code: ScimErrorCode): AttributePath {
  const lower = text.toLowerCase();
  const colon = lower.lastIndexOf(":");
  const schema = colon < 0 ? null : lower.slice(0, colon);
  const [name = "", sub = null, ...rest] = lower.slice(colon + 1).split(".");
  const isUrn = schema === null || /^urn:[a-z0-9][a-z0-9:._-]*$/.test(schema);
  const names = sub === null ? [name] : [name, sub];
  if (!isUrn || rest.length > 0 || !names.every((part) => attributeName.test(part)))
    throw new ScimError(code, `${JSON.stringify(text.slice(0, 100))} is no attribute.`);
  return { schema, name, sub };
}
