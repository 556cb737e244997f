import { domainToUnicode } from "node:url";

/**
 * Names of files look like hosts; a host whose top level is one of these needs `www.` or a scheme.
 * So does one that no name server knows (RFC 6761).
 */
const fileEndings = new Set(
  "txt pdf doc docx xls xlsx ppt pptx csv md json yaml yml xml html htm js ts tsx jsx mjs css py rb go rs java kt c h cpp cs php sql log ini toml lock png jpg jpeg gif svg mp3 mp4 tar gz tgz bak env conf cfg tf rego wasm test spec invalid localhost".split(
    " ",
  ),
);
const BARE_HOST =
  /^[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}\.(\p{L}{2,24})(?::\d{1,5})?(?:[/?#].*)?$/u;
const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:[/?#].*)?$/;

/**
 * A link as both sides are compared: host, port, path and query without scheme, `www.`, user
 * information and fragment; what percent signs hide needlessly (RFC 3986 §6.2.2.2) written out.
 * Null = no link.
 */
export function canonicalLink(word: string): string | null {
  const hasScheme = word.includes("://");
  if (!hasScheme && !looksLikeHost(word)) return null;
  try {
    const url = new URL(hasScheme ? word : `http://${word}`);
    const scheme = /^(?:https?|wss?):$/.test(url.protocol) ? "" : url.protocol;
    const host = url.host.replace(/^www\./, "");
    const path = url.pathname.replace(/\/$/, "");
    return `${scheme}${host}${unreserved(path)}${unreserved(url.search)}`;
  } catch {
    return word;
  }
}

/** Of a canonical link, without the port and as a reader sees it, not in punycode. */
export function hostOf(link: string): string {
  const host = link.split(/[/?:]/, 1)[0] ?? "";
  return host.includes("xn--") ? domainToUnicode(host) : host;
}

function looksLikeHost(word: string): boolean {
  if (word.startsWith("www.")) return true;
  const host = BARE_HOST.exec(word);
  if (host !== null) return word.includes("/") || !fileEndings.has(host[1] ?? "");
  return IP_ADDRESS.test(word);
}

function unreserved(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const sign = String.fromCharCode(Number.parseInt(hex, 16));
    return /[a-z0-9\-._~]/i.test(sign) ? sign.toLowerCase() : whole.toLowerCase();
  });
}
