/** Size of the request's body; the conversation is padded to it. */
export const payloadBytes = 1024;

/** A chat request of exactly `payloadBytes` bytes. */
export function chatBody(model: string, stream: boolean): string {
  const withContent = (content: string): string =>
    JSON.stringify({
      model,
      ...(stream ? { stream } : {}),
      max_tokens: 256,
      messages: [
        { role: "system", content: "You are a helpful assistant." },
        { role: "user", content },
      ],
    });
  const missing = payloadBytes - withContent("").length;
  return withContent("How much water runs over the weir? ".repeat(40).slice(0, missing));
}

/** The whole HTTP/1.1 request. */
export function chatRequest(port: number, key: string, body: string): string {
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
