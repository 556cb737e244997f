import { expect, test } from "vitest";
import { visibleLines, visibleText } from "./visible-text.ts";

test("attack: a text from outside neither steers the terminal nor begins a line", () => {
  const text = "\u001b[2J\u009b2J a\r\nb\u2028c\u2029d\u0085\u007f\u202etxt";
  const visible = visibleText(text);
  expect(visible).toBe(
    String.raw`\u{1b}[2J\u{9b}2J a\u{d}\u{a}b\u{2028}c\u{2029}d\u{85}\u{7f}\u{202e}txt`,
  );
});

test("leaves letters of every language as they are", () => {
  expect(visibleText("ünïcödé 🦫 日本 עברית")).toBe("ünïcödé 🦫 日本 עברית");
});

test("attack: a prompt of several lines keeps them, and steers nothing", () => {
  const text = "a\tb\n\u001b]0;title\u0007\r\nc";
  expect(visibleLines(text)).toBe("a\tb\n\\u{1b}]0;title\\u{7}\\u{d}\nc");
});
