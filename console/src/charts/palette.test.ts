import { expect, test } from "vitest";
import { palette, surface } from "./palette.ts";

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test.each(Object.entries(palette))(
  "the chart colour %s has 3:1 against its ground in both schemes (WCAG 1.4.11)",
  (_, color) => {
    expect(contrast(color.light, surface.light)).toBeGreaterThanOrEqual(3);
    expect(contrast(color.dark, surface.dark)).toBeGreaterThanOrEqual(3);
  },
);
