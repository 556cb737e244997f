import type { FastifyReply } from "fastify";
import { type SignInRefusalCode, signInRefusals } from "../../identity/oidc/sign-in-refusal.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

const style = `:root{color-scheme:light dark}
body{margin:0;min-height:100dvh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;
background:light-dark(#f8f9fa,#141517);color:light-dark(#1a1b1e,#e9ecef)}
main{box-sizing:border-box;width:min(480px,calc(100% - 32px));padding:32px;border-radius:16px;
background:light-dark(#fff,#1f2023);border:1px solid light-dark(#dee2e6,#373a40)}
h1{font-size:24px;line-height:32px;margin:0 0 12px}p{margin:0 0 16px}
a.button{display:block;padding:10px;border-radius:8px;text-align:center;text-decoration:none;
background:#0c6178;color:#fff;font-weight:600}
small{color:light-dark(#495057,#ced4da)}code{font-size:13px}`;

export interface PageWords {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Names the failure in Weir's log. */
  readonly code: string;
  readonly requestId: string;
  /** Whom to ask; may be empty. */
  readonly contact: string;
  readonly link: { readonly href: string; readonly text: string } | null;
}

function pageOf(words: PageWords): string {
  const { title, text, contact, link, code, requestId } = words;
  const ask = contact === "" ? "" : `<p>Ask: <strong>${escapeHtml(contact)}</strong></p>`;
  const button =
    link === null
      ? ""
      : `<p><a class="button" href="${escapeHtml(link.href)}">${escapeHtml(link.text)}</a></p>`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Weir: ${escapeHtml(title)}</title>
<style>${style}</style>
<main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${ask}${button}
<small>${escapeHtml(code)} · <code>${escapeHtml(requestId)}</code></small></main>
</html>
`;
}

/** A page that works without the console and without any script. */
export function sendPage(reply: FastifyReply, words: PageWords): FastifyReply {
  return reply
    .code(words.status)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(pageOf(words));
}

/** Says why somebody could not sign in, whom to ask, and how to try again. */
export function sendRefusal(
  reply: FastifyReply,
  code: SignInRefusalCode,
  options: { readonly contact: string; readonly areLinksAllowed: boolean },
): FastifyReply {
  const { status, title, text } = signInRefusals[code];
  const isOutage = code === "WEIR_IDENTITY_PROVIDER_UNAVAILABLE";
  const another =
    isOutage && options.areLinksAllowed
      ? " A one-time link works meanwhile: npm run weir -- login-link."
      : "";
  return sendPage(reply, {
    status,
    title,
    text: `${text}${another}`,
    code,
    requestId: reply.request.id,
    contact: options.contact,
    link: { href: "/auth/sign-in", text: isOutage ? "Try again" : "Sign in again" },
  });
}
