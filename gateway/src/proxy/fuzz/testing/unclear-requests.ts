/** Requests that two readers could read in two ways: each carries another one behind it or inside it. */
import { body, chunked, length, lineWith, smuggledWith } from "./request-bytes.ts";

export interface Attack {
  readonly name: string;
  readonly bytes: string;
}

export function unclearRequests(clientKey: string): readonly Attack[] {
  const key = `Authorization: Bearer ${clientKey}\r\n`;
  const line = lineWith(clientKey);
  const smuggled = smuggledWith(clientKey);
  return [
    {
      name: "CL.TE: content-length beside chunked",
      bytes: `${line()}${length}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "TE.CL: chunked beside content-length",
      bytes: `${line()}Transfer-Encoding: chunked\r\n${length}\r\n${chunked(body)}${smuggled}`,
    },
    {
      name: "TE.TE: chunked and an unknown coding",
      bytes: `${line()}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n${chunked(body)}${smuggled}`,
    },
    {
      name: "TE.TE: chunked, then identity",
      bytes: `${line()}Transfer-Encoding: chunked, identity\r\n\r\n${chunked(body)}${smuggled}`,
    },
    {
      name: "an unknown transfer coding alone",
      bytes: `${line()}Transfer-Encoding: xchunked\r\n\r\n${chunked(body)}${smuggled}`,
    },
    {
      name: "a transfer coding with a vertical tab",
      bytes: `${line()}Transfer-Encoding: \u000bchunked\r\n\r\n${chunked(body)}${smuggled}`,
    },
    {
      name: "a header name with a blank behind it",
      bytes: `${line()}Transfer-Encoding : chunked\r\n${length}\r\n${body}${smuggled}`,
    },
    {
      name: "a header line that begins with a blank",
      bytes: `${line()} Transfer-Encoding: chunked\r\n${length}\r\n${body}${smuggled}`,
    },
    {
      name: "obs-fold in content-length",
      bytes: `${line()}Content-Length: 1\r\n 0\r\n\r\n${body}${smuggled}`,
    },
    {
      name: "two lengths that differ",
      bytes: `${line()}${length}Content-Length: 0\r\n\r\n${body}${smuggled}`,
    },
    {
      name: "two lengths that are alike",
      bytes: `${line()}${length}${length}\r\n${body}${smuggled}`,
    },
    {
      name: "a list of lengths",
      bytes: `${line()}Content-Length: ${body.length}, ${body.length}\r\n\r\n${body}${smuggled}`,
    },
    {
      name: "a signed length",
      bytes: `${line()}Content-Length: +${body.length}\r\n\r\n${body}${smuggled}`,
    },
    { name: "a negative length", bytes: `${line()}Content-Length: -1\r\n\r\n${body}${smuggled}` },
    {
      name: "a hexadecimal length",
      bytes: `${line()}Content-Length: 0x1d\r\n\r\n${body}${smuggled}`,
    },
    {
      name: "a length with a fraction",
      bytes: `${line()}Content-Length: 29.0\r\n\r\n${body}${smuggled}`,
    },
    {
      name: "a length beyond 64 bits",
      bytes: `${line()}Content-Length: 18446744073709551645\r\n\r\n${body}${smuggled}`,
    },
    { name: "an empty length", bytes: `${line()}Content-Length:\r\n\r\n${body}${smuggled}` },
    {
      name: "a chunk size with a sign",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n+1d\r\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a chunk size with 0x",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n0x1d\r\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a chunk size beyond 64 bits",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n1000000000000001d\r\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a chunk longer than it says",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n1\r\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a line feed alone after a chunk's size",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n1d\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a line feed alone after a chunk's extension",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n1d;a\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a carriage return in a chunk's extension",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n1d;a\rb\r\n${body}\r\n0\r\n\r\n${smuggled}`,
    },
    {
      name: "a chunk's extension of 100 KB",
      bytes: `${line()}Transfer-Encoding: chunked\r\n\r\n${chunked(body, `;${"x".repeat(100_000)}`)}${smuggled}`,
    },
    {
      name: "header lines that end in line feeds alone",
      bytes: `POST /v1/chat/completions HTTP/1.1\nHost: weir\n${key}${length}\n${body}${smuggled}`,
    },
    {
      name: "a carriage return in a header value",
      bytes: `${line()}X-A: b\rTransfer-Encoding: chunked\r\n${length}\r\n${body}${smuggled}`,
    },
    {
      name: "NUL in a header value",
      bytes: `${line()}X-A: b\0c\r\n${length}\r\n${body}${smuggled}`,
    },
    { name: "NUL in a header name", bytes: `${line()}X\0A: b\r\n${length}\r\n${body}${smuggled}` },
    { name: "DEL in a header value", bytes: `${line()}X-A: b\x7fc\r\n${length}\r\n${body}` },
    { name: "an empty header name", bytes: `${line()}: b\r\n${length}\r\n${body}${smuggled}` },
    { name: "no colon in a header", bytes: `${line()}X-A\r\n${length}\r\n${body}${smuggled}` },
    { name: "no host", bytes: `POST /v1/chat/completions HTTP/1.1\r\n${key}${length}\r\n${body}` },
    {
      name: "a blank in the target",
      bytes: `${line("/v1/chat/completions /v1/messages")}${length}\r\n${body}`,
    },
    {
      name: "a tab in the target",
      bytes: `${line("/v1/chat/completions?a=\tb")}${length}\r\n${body}`,
    },
    {
      name: "NUL in the target",
      bytes: `${line("/v1/chat/completions?a=\0b")}${length}\r\n${body}`,
    },
    {
      name: "DEL in the target",
      bytes: `${line("/v1/chat/completions?a=\x7fb")}${length}\r\n${body}`,
    },
    {
      name: "a carriage return in the target",
      bytes: `${line("/v1/chat/completions?a=\rX-A: b")}${length}\r\n${body}`,
    },
    {
      name: "bytes above ASCII in the target",
      bytes: `${line("/v1/chat/completions?a=\xe9\xff")}${length}\r\n${body}`,
    },
    { name: "HTTP/2's preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
    {
      name: "HTTP/3.0",
      bytes: `POST /v1/chat/completions HTTP/3.0\r\nHost: weir\r\n${key}${length}\r\n${body}`,
    },
    { name: "a TLS hello", bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" },
    {
      name: "a method in lower case",
      bytes: line().replace("POST", "post") + `${length}\r\n${body}`,
    },
    { name: "an invented method", bytes: line().replace("POST", "PO5T") + `${length}\r\n${body}` },
    {
      name: "a header line of 100 KB",
      bytes: `${line()}X-A: ${"b".repeat(100_000)}\r\n${length}\r\n${body}`,
    },
    {
      name: "a target of 100 KB",
      bytes: `${line(`/v1/models?${"b".repeat(100_000)}`, "GET")}\r\n`,
    },
    { name: "20,000 headers", bytes: `${line()}${"a:b\r\n".repeat(20_000)}${length}\r\n${body}` },
  ];
}
