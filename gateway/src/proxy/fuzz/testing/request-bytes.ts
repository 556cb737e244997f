/** The pieces that attacks on the framing of requests are put together from. */
export const body = '{"model":"m-1","messages":[]}';
export const length = `Content-Length: ${body.length}\r\n`;

/** Request line and headers of a call with this key, up to what frames its body. */
export function lineWith(key: string) {
  return (path = "/v1/chat/completions", method = "POST") =>
    `${method} ${path} HTTP/1.1\r\nHost: weir\r\nAuthorization: Bearer ${key}\r\n`;
}

/** What an attacker would like the provider to take for a request of its own. */
export function smuggledWith(key: string): string {
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: weir\r\nX-Smuggled: 1\r\nAuthorization: Bearer ${key}\r\n${length}\r\n${body}`;
}

export function chunked(text: string, extension = ""): string {
  return `${text.length.toString(16)}${extension}\r\n${text}\r\n0\r\n\r\n`;
}
