import { Refusal } from "../../refusal.ts";
import type { RequestHead } from "../dialect.ts";

/** System parameters that change neither what an answer tells nor who pays for it. */
const allowed = new Set(["key", "alt", "$alt", "prettyPrint", "$prettyPrint"]);
const FORM = /^(json|sse)(?:;enum-encoding=int)?$/;
/** Headers with which a caller could have Google leave its usage out, or read another request. */
const refusedHeaders = [
  "x-goog-fieldmask",
  "x-goog-encode-response-if-executable",
  "x-http-method-override",
];

/** Whether the answer is asked for as server-sent events. */
export function asksForEvents({ query }: RequestHead): boolean {
  return formOf(new URLSearchParams(query)) === "sse";
}

/**
 * Google's APIs let a caller mask the answer, wrap it in a script or have it in a binary form
 * (https://cloud.google.com/apis/docs/system-parameters): nothing of that could be metered.
 *
 * @throws Refusal WEIR_FIELD_INVALID
 */
export function refuseOtherForms({ query, headers }: RequestHead): void {
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => !allowed.has(name));
  if (unknown !== undefined) throw invalid(`The query parameter '${unknown.slice(0, 64)}'`);
  if (formOf(parameters) === null) throw invalid("This value of the query parameter 'alt'");
  const header = refusedHeaders.find((name) => headers[name] !== undefined);
  if (header !== undefined) throw invalid(`The header '${header}'`);
}

function formOf(parameters: URLSearchParams): string | null {
  const forms = [...parameters.getAll("alt"), ...parameters.getAll("$alt")];
  if (forms.length > 1) return null;
  return FORM.exec(forms[0] ?? "json")?.[1] ?? null;
}

function invalid(what: string): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", {
    message: `${what} is not served here, since the answer could not be metered; leave it out.`,
  });
}
