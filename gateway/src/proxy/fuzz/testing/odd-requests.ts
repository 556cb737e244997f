/** Requests that mean one thing though they look odd. */
import { body, chunked, length, lineWith, smuggledWith } from "./request-bytes.ts";

export interface OddRequest {
  readonly name: string;
  readonly bytes: string;
  /** Statuses; none = the connection is closed without an answer. */
  readonly answers: readonly number[];
  /** Rows that they leave. */
  readonly calls: number;
  /** Requests that reach the provider. */
  readonly forwarded: number;
}

export function oddRequests(clientKey: string): readonly OddRequest[] {
  const key = `Authorization: Bearer ${clientKey}\r\n`;
  const line = lineWith(clientKey);
  const smuggled = smuggledWith(clientKey);
  return [
    {
      name: "two requests at once",
      bytes: `${line()}${length}\r\n${body}${line()}${length}\r\n${body}`,
      answers: [200, 200],
      calls: 2,
      forwarded: 2,
    },
    {
      name: "a chunked body with extensions",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n${chunked(body, ';a="b"')}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a chunked body in chunks of a byte",
      bytes: `${line()}Transfer-Encoding: Chunked\r\n\r\n${body.replaceAll(/./g, "1\r\n$&\r\n")}0\r\n\r\n`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "trailers that name what headers name",
      bytes: `${line()}Transfer-Encoding: chunked\r\nTrailer: authorization\r\n\r\n1d\r\n${body}\r\n0\r\nAuthorization: Bearer ${clientKey}\r\nX-Smuggled: 1\r\n\r\n`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a request behind a body that is refused",
      bytes: `${line()}Content-Length: 8\r\n\r\nnot json${line()}${length}\r\n${body}`,
      answers: [400, 200],
      calls: 2,
      forwarded: 1,
    },
    {
      name: "a request behind one without a key",
      bytes: `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n${length}\r\n${body}${line()}${length}\r\n${body}`,
      answers: [401, 200],
      calls: 2,
      forwarded: 1,
    },
    {
      name: "a request behind one for an unknown path",
      bytes: `${line("/nothing")}${length}\r\n${body}${line()}${length}\r\n${body}`,
      answers: [404, 200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a request in the body of one that has none",
      bytes: `${line("/livez", "GET")}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}${line()}${length}\r\n${body}`,
      answers: [200, 200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "two hosts, of which none is used",
      bytes: `${line()}Host: other\r\n${length}\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a target in absolute form",
      bytes: `${line("http://127.0.0.1:1/v1/chat/completions")}${length}\r\n${body}`,
      answers: [404],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "a target in another's absolute form",
      bytes: `${line("https://evil.example/v1/models", "GET")}\r\n`,
      answers: [404],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "a target with a name before it",
      bytes: `${line("@evil.example/v1/models", "GET")}\r\n`,
      answers: [400],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "the asterisk",
      bytes: `${line("*", "OPTIONS")}\r\n`,
      answers: [404],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "CONNECT",
      bytes: `${line("evil.example:443", "CONNECT")}\r\n`,
      answers: [],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "TRACE",
      bytes: `${line("/v1/models", "TRACE")}\r\n`,
      answers: [404],
      calls: 0,
      forwarded: 0,
    },
    { name: "HTTP/0.9", bytes: "GET /v1/models\r\n\r\n", answers: [401], calls: 1, forwarded: 0 },
    {
      name: "HTTP/1.0",
      bytes: `POST /v1/chat/completions HTTP/1.0\r\n${key}${length}\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "an expectation that nobody meets",
      bytes: `${line()}Expect: 200-maybe\r\n${length}\r\n${body}`,
      answers: [417],
      calls: 0,
      forwarded: 0,
    },
    {
      name: "h2c",
      bytes: `${line()}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n${length}\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "WebSocket where there is none",
      bytes: `${line()}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${length}\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a length with zeros before it",
      bytes: `${line()}Content-Length: 0000${body.length}\r\n\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "empty lines before it",
      bytes: `\r\n\r\n${line()}${length}\r\n${body}`,
      answers: [200],
      calls: 1,
      forwarded: 1,
    },
    {
      name: "a fragment in the target",
      bytes: `${line("/v1/chat/completions#x")}${length}\r\n${body}`,
      answers: [404],
      calls: 0,
      forwarded: 0,
    },
  ];
}
