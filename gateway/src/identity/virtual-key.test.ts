import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatVirtualKey, keyHash, keyHint, looksLikeKey } from "./virtual-key.ts";

describe("virtual keys", () => {
  test("every generated key has the form of a key, whatever its random bytes", () => {
    const extremes = [Buffer.alloc(32, 0), Buffer.alloc(32, 0xff)];
    const random = Array.from({ length: 200 }, () => randomBytes(32));
    for (const bytes of [...extremes, ...random]) {
      const key = formatVirtualKey(bytes);
      expect(key).toMatch(/^weir_[0-9A-Za-z]{49}$/);
      expect(looksLikeKey(key)).toBe(true);
    }
  });

  test("all 256 bits of randomness reach the key", () => {
    const keys = new Set<string>();
    for (let bit = 0; bit < 256; bit += 1) {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt8(1 << (bit % 8), Math.floor(bit / 8));
      keys.add(formatVirtualKey(bytes));
    }
    expect(keys.size).toBe(256);
  });

  test("one wrong, missing or swapped character is detected without a look-up", () => {
    const key = formatVirtualKey(Buffer.from("0123456789abcdef0123456789abcdef"));
    const mistakes = Array.from({ length: key.length - 6 }, (_, index) => index + 6).flatMap(
      (at) => {
        const [before, here, after] = [key.slice(0, at), key.charAt(at), key.slice(at + 1)];
        const wrong = before + (here === "x" ? "y" : "x") + after;
        const swapped = before.slice(0, -1) + here + before.slice(-1) + after;
        return [wrong, before + after, swapped].filter((mistake) => mistake !== key);
      },
    );
    expect(mistakes.length).toBeGreaterThan(90);
    expect(mistakes.filter(looksLikeKey)).toEqual([]);
  });

  test.each(["", "weir_", "sk-proj-abc", "Bearer weir_", `weir_${"é".repeat(49)}`])(
    "%j is no key",
    (text) => {
      expect(looksLikeKey(text)).toBe(false);
    },
  );

  test("the hash is SHA-256 in lower-case hex", () => {
    expect(keyHash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("the hint gives away four of the forty-three digits", () => {
    const key = formatVirtualKey(Buffer.alloc(32, 7));
    expect(keyHint(key)).toBe(key.slice(0, 9));
  });
});
