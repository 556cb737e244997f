import { isRecord } from "../../config/read-file.ts";
import { ScimError } from "./scim-error.ts";

/** A member of an object whose names are compared without regard to case (RFC 7643 §2.1). */
export function memberOf(holder: unknown, name: string): unknown {
  if (!isRecord(holder)) return undefined;
  return Object.entries(holder).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** @throws {ScimError} WEIR_SCIM_INVALID_SYNTAX for anything but an object. */
export function requireRecord(body: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(body)) return body;
  throw new ScimError("WEIR_SCIM_INVALID_SYNTAX", "The body is a JSON object.");
}

const maxTextLength = 512;

/** A text, cleared of what cannot be shown; null for nothing. @throws {ScimError} */
export function readText(value: unknown, attribute: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && typeof value !== "number")
    throw new ScimError("WEIR_SCIM_INVALID_VALUE", `${attribute} is a text.`);
  const text = String(value)
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  if (text.length > maxTextLength || !text.isWellFormed())
    throw new ScimError(
      "WEIR_SCIM_INVALID_VALUE",
      `${attribute} has at most ${maxTextLength} characters of Unicode.`,
    );
  return text === "" ? null : text;
}

/** A truth value, also as Entra ID writes it: `"False"`. @throws {ScimError} */
export function readBoolean(value: unknown, attribute: string): boolean {
  if (typeof value === "boolean") return value;
  const lower = typeof value === "string" ? value.toLowerCase() : "";
  if (lower === "true" || lower === "false") return lower === "true";
  throw new ScimError("WEIR_SCIM_INVALID_VALUE", `${attribute} is true or false.`);
}
