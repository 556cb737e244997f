import { describe, expect, test } from "vitest";
import { downstreamHeaders, upstreamHeaders } from "./headers.ts";

function upstream(raw: string[], credential: [string, string] | null = null) {
  const flat = upstreamHeaders(raw, { credential, isBodyUntouched: false });
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);
}

describe("headers toward the provider", () => {
  test("carries on what the client sent, unknown headers and repeated ones included", () => {
    const raw = ["anthropic-version", "2026-10-21", "anthropic-beta", "a", "Anthropic-Beta", "b"];
    expect(upstream([...raw, "X-New", "1"])).toEqual([
      ["anthropic-version", "2026-10-21"],
      ["anthropic-beta", "a"],
      ["anthropic-beta", "b"],
      ["x-new", "1"],
      ["accept-encoding", "identity"],
    ]);
  });

  test("never carries the client's credential, only the provider's", () => {
    const raw = ["Authorization", "Bearer weir_x", "X-Api-Key", "weir_x", "x-goog-api-key", "k"];
    expect(upstream([...raw, "Cookie", "c"], ["authorization", "Bearer sk"])).toEqual([
      ["accept-encoding", "identity"],
      ["authorization", "Bearer sk"],
    ]);
  });

  test("attack: a header named by Connection cannot take away what the gateway adds", () => {
    const raw = ["Connection", "close, x-secret, authorization", "x-secret", "1", "x-kept", "2"];
    expect(upstream(raw, ["authorization", "Bearer sk"])).toEqual([
      ["x-kept", "2"],
      ["accept-encoding", "identity"],
      ["authorization", "Bearer sk"],
    ]);
  });

  test("attack: a second content-type, by which the provider might read the body, stays here", () => {
    const raw = ["Content-Type", "multipart/form-data; boundary=a", "content-type", "text/plain"];
    expect(upstream(raw)[0]).toEqual(["content-type", "multipart/form-data; boundary=a"]);
    expect(upstream(raw).filter(([name]) => name === "content-type")).toHaveLength(1);
  });

  test("drops forwarding, tracing and gateway headers", () => {
    const raw = [
      "X-Forwarded-For",
      "1.2.3.4",
      "Forwarded",
      "for=x",
      "traceparent",
      "00",
      "X-Weir-A",
      "1",
    ];
    expect(upstream(raw)).toEqual([["accept-encoding", "identity"]]);
  });
});

describe("headers toward the client", () => {
  test("keeps the provider's headers but for hop-by-hop ones, cookies and its limits on our key", () => {
    const kept = downstreamHeaders({
      "content-type": "application/json",
      "x-request-id": "req_1",
      "retry-after": "3",
      connection: "keep-alive, x-hop",
      "x-hop": "1",
      "transfer-encoding": "chunked",
      "set-cookie": ["a=b"],
      "x-ratelimit-remaining-tokens": "1",
      "anthropic-ratelimit-requests-limit": "1",
      "openai-organization": "org",
      "x-weir-decision-id": "forged",
    });
    expect({ ...kept }).toEqual({
      "content-type": "application/json",
      "x-request-id": "req_1",
      "retry-after": "3",
    });
  });
});
