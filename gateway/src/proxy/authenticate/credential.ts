import type { IncomingHttpHeaders } from "node:http";
import { looksLikeToken } from "./tokens/unverified.ts";
import { holdsKey, looksLikeKey } from "../../identity/virtual-key.ts";

/** `key`, in any spelling that decodes to it. */
const CREDENTIAL_PAIR = /^(?:k|%[46]b)(?:e|%[46]5)(?:y|%[57]9)(?:=|$)/i;

const BEARER = /^bearer +(\S+) *$/i;

/**
 * The credential that the client sent, or null. Every place is accepted on every route; where
 * several are filled, the one in our own form counts, since some clients repeat a foreign key.
 *
 * @param query with its question mark; Google's clients may send `?key=`.
 */
export function findCredential(headers: IncomingHttpHeaders, query: string): string | null {
  const bearer = BEARER.exec(headers.authorization ?? "")?.[1];
  const inQuery = query === "" ? null : new URLSearchParams(query).get("key");
  // A token in a URL would stand in every log on its way here (RFC 6750 §5.3).
  const keyInQuery = inQuery !== null && looksLikeToken(inQuery) ? null : inQuery;
  const found = [bearer, headers["x-api-key"], headers["x-goog-api-key"], keyInQuery].filter(
    (value) => typeof value === "string" && value !== "",
  );
  const ours = found.find((value) => typeof value === "string" && looksLikeKey(value));
  const chosen = ours ?? found[0];
  return typeof chosen === "string" ? chosen : null;
}

/** A query less the credential in it, for it must travel neither upstream nor into a log. */
export function withoutCredential(query: string): string {
  if (query === "") return query;
  const kept = query
    .slice(1)
    .split("&")
    .filter((pair) => !CREDENTIAL_PAIR.test(pair) && !holdsKey(decoded(pair)));
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
