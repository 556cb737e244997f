import type { FastifyReply } from "fastify";
import { sessionAbsoluteMs } from "./session.ts";

export const sessionCookieName = "weir_session";

function attributes(isServedOverTls: boolean) {
  // Lax and not Strict: the login link is opened from a terminal or a mail, and has to work there.
  return { path: "/", httpOnly: true, sameSite: "lax", secure: isServedOverTls } as const;
}

/** Gives the browser the session's secret, out of reach of any script. */
export function setSessionCookie(
  reply: FastifyReply,
  secret: string,
  isServedOverTls: boolean,
): void {
  void reply.setCookie(sessionCookieName, secret, {
    ...attributes(isServedOverTls),
    maxAge: sessionAbsoluteMs / 1000,
  });
}

/** Takes the session's secret away again. */
export function clearSessionCookie(reply: FastifyReply, isServedOverTls: boolean): void {
  void reply.clearCookie(sessionCookieName, attributes(isServedOverTls));
}
