import { describe, expect, it } from "vitest";
import { countWords, textOf } from "./text.ts";

describe("textOf", () => {
  it("joins text parts and the text inside tool results", () => {
    const content = [
      { type: "text", text: "one" },
      { type: "tool_result", content: [{ type: "text", text: "two" }] },
      { type: "image_url", image_url: { url: "data:," } },
    ];
    expect(textOf(content)).toBe("one two ");
  });

  it("stops at a bounded depth", () => {
    let content: unknown = "deep";
    for (let i = 0; i < 10_000; i += 1) content = [content];
    expect(textOf(content)).toBe("");
  });
});

describe("countWords", () => {
  it("counts runs between white space", () => {
    expect(countWords("")).toBe(0);
    expect(countWords("  a\tbc\n\n d ")).toBe(3);
  });
});
