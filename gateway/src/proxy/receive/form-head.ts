import { formInvalid } from "./form-invalid.ts";

/** The head of one part of a form. */
export interface FormPart {
  readonly name: string;
  readonly isFile: boolean;
  /** Nothing but text in UTF-8, as everybody would read it. */
  readonly isPlainText: boolean;
}

const HEADER = /^([\w-]+):[ \t]*([^\r\n\0]*)$/;
const PARAMETER = /;[ \t]*([A-Za-z*]+)=(?:"([^"]*)"|([\w.'%-]+))[ \t]*/y;
const NAME = /^[\w.[\]-]{1,128}$/;
const PLAIN_TEXT = /^text\/plain(?:;[ \t]*charset="?utf-8"?)?$/i;
const PLAIN_CODINGS = new Set(["7bit", "8bit", "binary"]);

/**
 * Reads a part's head (RFC 7578 §4) in its one plain form. Where readers of forms are known to
 * differ (folded lines, repeated or extended parameters, escaped quotes, transfer codings) the
 * provider might see another field than policy did, so that all of it is refused.
 *
 * @throws Refusal WEIR_FORM_INVALID
 */
export function readPartHead(head: string): FormPart {
  const headers = new Map<string, string>();
  for (const line of head.split("\r\n")) {
    const [, name, value] = HEADER.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || value === undefined || headers.has(key)) {
      throw formInvalid("A part's head is unclear.");
    }
    headers.set(key, value);
  }
  const coding = headers.get("content-transfer-encoding")?.toLowerCase() ?? "binary";
  if (!PLAIN_CODINGS.has(coding)) throw formInvalid("Send its parts without a transfer encoding.");
  const { name, filename } = dispositionOf(headers.get("content-disposition") ?? "");
  const contentType = headers.get("content-type") ?? "text/plain";
  const isPlainText = PLAIN_TEXT.test(contentType);
  return {
    name,
    isFile: filename !== undefined || !/^text\/plain/i.test(contentType),
    isPlainText,
  };
}

function dispositionOf(value: string): { name: string; filename: string | undefined } {
  const [kind] = /^form-data[ \t]*/i.exec(value) ?? [];
  // Whether a backslash escapes a quote is where readers differ.
  if (value.includes('\\"')) throw unnamed();
  const parameters = new Map<string, string>();
  let at = kind?.length ?? value.length + 1;
  while (at < value.length) {
    PARAMETER.lastIndex = at;
    const [, key, quoted, token] = PARAMETER.exec(value) ?? [];
    const isKnown =
      key !== undefined && ["name", "filename", "filename*"].includes(key.toLowerCase());
    if (!isKnown || parameters.has(key.toLowerCase())) throw unnamed();
    parameters.set(key.toLowerCase(), quoted ?? token ?? "");
    at = PARAMETER.lastIndex;
  }
  const name = parameters.get("name") ?? "";
  // A form may name its charset in a field of this name (RFC 7578 §4.6).
  if (!NAME.test(name) || name === "_charset_") throw unnamed();
  return { name, filename: parameters.get("filename") ?? parameters.get("filename*") };
}

function unnamed() {
  return formInvalid('Name each part plainly: Content-Disposition: form-data; name="…".');
}
