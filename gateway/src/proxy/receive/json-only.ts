import { Refusal } from "../refusal.ts";

/** `text/plain` is what fetch says of a string: a provider takes it for JSON or not at all. */
const JSON_TYPE = /^(?:(?:application|text)\/(?:[\w.-]+\+)?json|text\/plain)$/;
const UTF_8 = /^charset[ \t]*=[ \t]*"?utf-?8"?$/;

/**
 * Refuses a body that says it is something else than JSON in UTF-8: as a form, or in UTF-7, the
 * provider might read another model out of it than policy did.
 *
 * @throws Refusal WEIR_CONTENT_TYPE_UNSUPPORTED
 */
export function jsonOnly(contentType: string | undefined): void {
  if (contentType === undefined || contentType === "" || contentType === "application/json") return;
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const isUtf8 = parameters
    .map((parameter) => parameter.trim())
    .every((parameter) => !parameter.startsWith("charset") || UTF_8.test(parameter));
  if (!isUtf8 || !JSON_TYPE.test(type.trim())) throw new Refusal("WEIR_CONTENT_TYPE_UNSUPPORTED");
}
