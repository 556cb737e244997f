import { describe, expect, test } from "vitest";
import { formatVirtualKey } from "../../identity/virtual-key.ts";
import { CapturedBody } from "./captured-body.ts";

function captured(maxBytes: number, ...chunks: (string | Buffer)[]) {
  const body = new CapturedBody(maxBytes);
  for (const chunk of chunks) body.add(Buffer.from(chunk));
  return body.read();
}

describe("a captured body", () => {
  test("is kept whole up to the bound, and its beginning beyond it", () => {
    expect(captured(6, "abc", "def")).toEqual({
      encoding: "utf8",
      text: "abcdef",
      bytes: 6,
      truncated: false,
    });
    expect(captured(6, "abc", "defg", "h")).toEqual({
      encoding: "utf8",
      text: "abcdef",
      bytes: 8,
      truncated: true,
    });
    expect(captured(6)).toMatchObject({ text: "", bytes: 0, truncated: false });
  });

  test("is text though the bound cuts a character in two", () => {
    for (const character of ["é", "€", "😀"])
      for (let cut = 1; cut < Buffer.byteLength(character); cut += 1)
        expect(captured(2 + cut, `ab${character}c`)).toMatchObject({
          encoding: "utf8",
          text: "ab",
        });
  });

  test("that is no text is kept as base64", () => {
    const bytes = Buffer.from([0xff, 0xfe, 0, 1]);
    expect(captured(100, bytes)).toMatchObject({
      encoding: "base64",
      text: bytes.toString("base64"),
    });
  });

  test("holds nothing of a chunk that is written over later", () => {
    const chunk = Buffer.from("secret");
    const body = new CapturedBody(100);
    body.add(chunk);
    chunk.fill("x");
    expect(body.read().text).toBe("secret");
  });

  test("never holds a virtual key", () => {
    const key = formatVirtualKey(Buffer.alloc(32, 9));
    const { text } = captured(1_000, `my key is ${key}, or ${key}`);
    expect(text).toBe("my key is weir_***, or weir_***");
  });

  test("of an attempt that another one took the place of is forgotten", () => {
    const body = new CapturedBody(4);
    body.add(Buffer.from("overloaded"));
    body.clear();
    body.add(Buffer.from("fine"));
    expect(body.read()).toMatchObject({ text: "fine", bytes: 4, truncated: false });
  });
});
