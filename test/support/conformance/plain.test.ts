import { expect, test } from "vitest";
import { plain } from "./plain.ts";

const unlike = { origin: "http://127.0.0.1:4000" };

class RefusedError extends Error {
  readonly status = 429;
  readonly headers = new Headers({ "retry-after": "7", "x-weir-call-id": "c", date: "now" });
}

test("an error shows its classes, its message, its cause and what it carries", () => {
  const error = new RefusedError("no", { cause: new TypeError("why") });
  expect(plain(error, unlike)).toEqual({
    classes: ["RefusedError", "Error"],
    message: "no",
    status: 429,
    headers: { "retry-after": "7" },
    cause: { classes: ["TypeError", "Error"], message: "why" },
  });
});

test("origins and running numbers are alike, all else keeps its difference", () => {
  const id = `req_${"a".repeat(24)}`;
  expect(plain({ url: `${unlike.origin}/v1`, id: `${id}_12` }, unlike)).toEqual({
    url: "http://provider/v1",
    id: `${id}_n`,
  });
  expect(plain({ usage: null }, unlike)).not.toEqual(plain({}, unlike));
  expect(plain(Buffer.from("a"), unlike)).not.toEqual(plain(Buffer.from("b"), unlike));
});

test("a request id that a package hides from enumeration is shown", () => {
  const message = Object.defineProperty({ text: "hi" }, "_request_id", { value: "r-1" });
  expect(plain(message, unlike)).toEqual({ text: "hi", _request_id: "r-1" });
});
