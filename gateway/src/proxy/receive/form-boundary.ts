import { formInvalid } from "./form-invalid.ts";

/** RFC 2046 §5.1.1, without the blank that a boundary may contain. */
const FORM =
  /^multipart\/form-data[ \t]*;[ \t]*boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'+./?-]{1,70}))[ \t]*$/i;

/**
 * The boundary in the one plain form of a form's content-type: with two of them, the provider
 * might split the body by the other one.
 *
 * @throws Refusal WEIR_FORM_INVALID
 */
export function formBoundary(contentType: string): string {
  const [, quoted, token] = FORM.exec(contentType) ?? [];
  const boundary = quoted ?? token;
  if (boundary !== undefined) return boundary;
  throw formInvalid("Send it as multipart/form-data with a boundary and no other parameter.");
}
