/** A proxy under fire: what a call may look like from all sides is checked in one place. */
import { Value } from "typebox/value";
import { expect } from "vitest";
import { CallEvent } from "../../../contracts/call-event.ts";
import { start } from "../../testing/serve.ts";
import { testKey, type TestProxy } from "../../testing/start-test-proxy.ts";
import type { TestProxyOptions } from "../../testing/test-proxy-options.ts";
import type { ScriptedRequest } from "../../testing/start-scripted-upstream.ts";

/** Statuses with which Weir itself answers input that is bad. */
export const badInput: readonly number[] = [400, 404, 413, 415];

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | null;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly row: CallEvent;
}

/** Sends one request and checks what holds for any: an answer, one row of the contract's shape, no failure. */
export async function told(proxy: TestProxy, sent: Sent): Promise<Told> {
  const before = proxy.calls.length;
  const response = await fetch(`${proxy.url}${sent.path}`, {
    method: sent.method,
    headers: { authorization: `Bearer ${testKey}`, ...sent.headers },
    body: sent.body === null ? null : new Uint8Array(sent.body),
  });
  const body = Buffer.from(await response.arrayBuffer());
  const row = newRow(proxy, before);
  expect(row.status).toBe(response.status);
  expect(proxy.failures).toEqual([]);
  if (row.errorCode !== "") expectRefusal(body, row);
  return { status: response.status, headers: response.headers, body, row };
}

/** The one row that has been added since there were `before`. */
export function newRow(proxy: TestProxy, before: number): CallEvent {
  expect(proxy.calls.length).toBe(before + 1);
  const row = proxy.calls[before];
  if (row === undefined) throw new Error("there is no row");
  // As the spool holds it; what JSON cannot carry would be lost there.
  expect([...Value.Errors(CallEvent, JSON.parse(JSON.stringify(row)))]).toEqual([]);
  expectStorable(row);
  return row;
}

/** ClickHouse's columns are 64-bit integers, and its JSON reader refuses a lone surrogate. */
function expectStorable(value: unknown): void {
  if (typeof value === "string") expect(value.isWellFormed(), JSON.stringify(value)).toBe(true);
  else if (typeof value === "number") {
    expect(Math.abs(value)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) expectStorable(each);
  }
}

/** A refusal in the shape in which the dialect's clients read errors, with its code in the text. */
export function expectRefusal(body: Buffer, { dialect, errorCode }: CallEvent): void {
  const parsed: unknown = JSON.parse(body.toString());
  const message = expect.stringContaining(`[${errorCode}`);
  if (dialect === "anthropic") {
    const error = { type: expect.any(String), message };
    expect(parsed).toEqual({ type: "error", error, request_id: expect.any(String) });
  } else if (dialect === "gemini") {
    const code = expect.any(Number);
    expect(parsed).toEqual({
      error: { code, message, status: expect.stringMatching(/^[A-Z_]+$/) },
    });
  } else {
    const error = { message, type: expect.any(String), param: null, code: errorCode.toLowerCase() };
    expect(parsed).toEqual({ error });
  }
}

export interface Fuzzed {
  readonly proxy: TestProxy;
  /** Requests that have reached the provider since this was last asked. */
  readonly arrived: () => readonly ScriptedRequest[];
}

const streamedArray =
  '[{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"totalTokenCount":0},"modelVersion":"m"}]';

/** A proxy before a provider that answers everything with one small piece of JSON. */
export async function startFuzzed(
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<Fuzzed> {
  const { proxy, upstream } = await start(({ path }, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(path.includes(":streamGenerate") ? streamedArray : '{"id":"x"}');
  }, options);
  return { proxy, arrived: () => upstream.requests.splice(0) };
}

/** That a plain call works, whatever came before it. */
export async function expectServing({ proxy, arrived }: Fuzzed): Promise<void> {
  const body = Buffer.from('{"model":"m-1","messages":[]}');
  const headers = { "content-type": "application/json" };
  const { status } = await told(proxy, {
    method: "POST",
    path: "/v1/chat/completions",
    headers,
    body,
  });
  expect(status).toBe(200);
  expect(arrived()).toHaveLength(1);
}
