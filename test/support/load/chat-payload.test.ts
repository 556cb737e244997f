import { expect, it } from "vitest";
import { chatBody, chatRequest, payloadBytes } from "./chat-payload.ts";

it("makes a JSON body of exactly the size that the report states", () => {
  for (const stream of [false, true]) {
    const body = chatBody("gpt-4o-mini", stream);
    expect(Buffer.byteLength(body)).toBe(payloadBytes);
    expect(JSON.parse(body)).toMatchObject({ model: "gpt-4o-mini", max_tokens: 256 });
  }
});

it("announces the body's length", () => {
  const request = chatRequest(80, "key", "{}");
  expect(request).toContain("authorization: Bearer key\r\n");
  expect(request.endsWith("content-length: 2\r\n\r\n{}")).toBe(true);
});
