/** The ground that cards and charts stand on. */
export const surface = { light: "#ffffff", dark: "#151b22" } as const;

/**
 * A colour belongs to one entity everywhere. Each has at least 3:1 against its surface (WCAG
 * 1.4.11), and neighbours differ in lightness as well as in hue, for colour-blind readers.
 */
export const palette = {
  input: { light: "#0b6b8a", dark: "#4fb3d1" },
  "cache-read": { light: "#5b93ab", dark: "#a9d7e6" },
  "cache-write": { light: "#4a5bb5", dark: "#8b9cf0" },
  output: { light: "#c2600c", dark: "#f2a154" },
  reasoning: { light: "#93398f", dark: "#db8fd6" },
  other: { light: "#6b7684", dark: "#93a0b0" },
  spend: { light: "#0b6b8a", dark: "#4fb3d1" },
} as const;
export type PaletteName = keyof typeof palette;

/** The CSS variable that holds an entity's colour in the scheme that is on. */
export const colorVariable = (name: PaletteName): string => `var(--weir-chart-${name})`;
