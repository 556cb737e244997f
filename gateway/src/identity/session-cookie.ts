import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply } from "fastify";

/**
 * Over TLS the prefix makes browsers refuse the cookie from any other host, a sibling's
 * subdomain among them (RFC 6265bis §4.1.3.2); without TLS they would refuse it from us.
 */
function prefixed(name: string, isServedOverTls: boolean): string {
  return isServedOverTls ? `__Host-${name}` : name;
}

export function sessionCookieName(isServedOverTls: boolean): string {
  return prefixed("weir_session", isServedOverTls);
}

/** Of the secret that binds a sign-in under way to the browser that began it. */
export function loginCookieName(isServedOverTls: boolean): string {
  return prefixed("weir_login", isServedOverTls);
}

function attributes(isServedOverTls: boolean): CookieSerializeOptions {
  // Lax and not Strict: login links and the way back from an identity provider are top-level
  // navigations that begin elsewhere, and have to work.
  return { path: "/", httpOnly: true, sameSite: "lax", secure: isServedOverTls };
}

/** Gives the browser the session's secret, out of reach of any script. */
export function setSessionCookie(
  reply: FastifyReply,
  secret: string,
  options: { readonly isServedOverTls: boolean; readonly absoluteMs: number },
): void {
  void reply.setCookie(sessionCookieName(options.isServedOverTls), secret, {
    ...attributes(options.isServedOverTls),
    maxAge: Math.floor(options.absoluteMs / 1000),
  });
}

/** Takes the session's secret away again. */
export function clearSessionCookie(reply: FastifyReply, isServedOverTls: boolean): void {
  void reply.clearCookie(sessionCookieName(isServedOverTls), attributes(isServedOverTls));
}

export function setLoginCookie(
  reply: FastifyReply,
  secret: string,
  options: { readonly isServedOverTls: boolean; readonly lifetimeMs: number },
): void {
  void reply.setCookie(loginCookieName(options.isServedOverTls), secret, {
    ...attributes(options.isServedOverTls),
    maxAge: Math.floor(options.lifetimeMs / 1000),
  });
}

export function clearLoginCookie(reply: FastifyReply, isServedOverTls: boolean): void {
  void reply.clearCookie(loginCookieName(isServedOverTls), attributes(isServedOverTls));
}
