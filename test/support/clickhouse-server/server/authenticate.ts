import type { IncomingMessage } from "node:http";
import { ServerException } from "./exception.ts";

export interface TestUser {
  readonly name: string;
  readonly password: string;
}

/**
 * By `X-ClickHouse-User` and `-Key`, HTTP basic auth, or parameters of the URL; not mixed.
 * @throws ServerException 516
 */
export function authenticate(request: IncomingMessage, url: URL, user: TestUser | undefined): void {
  const expected = user ?? { name: "default", password: "" };
  const given = credentials(request, url);
  if (given.name === expected.name && given.password === expected.password) return;
  throw new ServerException(
    516,
    "AUTHENTICATION_FAILED",
    `${given.name}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

function credentials(request: IncomingMessage, url: URL): TestUser {
  const { headers } = request;
  const inHeaders = [headers["x-clickhouse-user"], headers["x-clickhouse-key"]].map(String);
  const byHeader = headers["x-clickhouse-user"] !== undefined;
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const inUrl = url.searchParams.has("user") || url.searchParams.has("password");
  if ([byHeader, headers.authorization !== undefined, inUrl].filter(Boolean).length > 1)
    throw new ServerException(
      516,
      "AUTHENTICATION_FAILED",
      "Invalid authentication: it is not allowed to use several ways of authentication simultaneously",
    );
  if (byHeader)
    return {
      name: inHeaders[0] ?? "",
      password: headers["x-clickhouse-key"] === undefined ? "" : (inHeaders[1] ?? ""),
    };
  if (basic !== undefined) {
    const text = Buffer.from(basic, "base64").toString("utf8");
    const colon = text.indexOf(":");
    return { name: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  const { searchParams } = url;
  return {
    name: searchParams.get("user") ?? "default",
    password: searchParams.get("password") ?? "",
  };
}
