import { expect, test } from "vitest";
import { formatVirtualKey, holdsKey } from "../../identity/virtual-key.ts";
import { upstreamHeaders } from "./headers.ts";

const key = formatVirtualKey(Buffer.alloc(32, 3));
const upstream = (...raw: string[]) =>
  upstreamHeaders(raw, { credential: null, isBodyUntouched: false });

test("attack: a key in a header that nobody foresaw stays here", () => {
  expect(
    upstream("Api-Key", key, "Referer", `http://a/?key=${key}#x`, "X-Kept", "weir_not-a-key"),
  ).toEqual(["x-kept", "weir_not-a-key", "accept-encoding", "identity"]);
});

test("attack: a header that must not travel does not under its CGI spelling either", () => {
  const names = ["X_Weir_Call_Id", "Openai_Organization", "X_Forwarded_For", "x_api_key", "COOKIE"];
  expect(upstream(...names.flatMap((name) => [name, "v"]), "my_header", "v")).toEqual([
    "my_header",
    "v",
    "accept-encoding",
    "identity",
  ]);
});

test("a key is found anywhere in a text, a part of one nowhere", () => {
  expect(holdsKey(`a=${key}&b`)).toBe(true);
  expect(holdsKey(key.slice(0, -1))).toBe(false);
  expect(holdsKey("weir_ and more")).toBe(false);
});
