import {
  createTheme,
  type CSSVariablesResolver,
  localStorageColorSchemeManager,
} from "@mantine/core";
import { palette, surface } from "./charts/palette.ts";

/** Also read by public/color-scheme.js before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "weir-color-scheme" });

// No `system-ui`: on Linux it often resolves to a face much wider than the layout's.
const sans =
  '-apple-system, BlinkMacSystemFont, Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const mono =
  'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  primaryColor: "weir",
  // The default shades fail WCAG AA as the ground of white labels.
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: "pointer",
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: "620" },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  colors: {
    weir: [
      "#e6f5f9",
      "#cfe9f1",
      "#a3d4e3",
      "#72bdd3",
      "#4fb3d1",
      "#2c96b2",
      "#17819d",
      "#0b6f8a",
      "#0b6279",
      "#084b5d",
    ],
    dark: [
      "#e4e9ef",
      "#c3cbd5",
      "#a3aebb",
      "#8792a2",
      "#313c49",
      "#27313d",
      "#1d252f",
      surface.dark,
      "#0e1318",
      "#090d11",
    ],
  },
});

const chartVariables = (scheme: "light" | "dark"): Record<string, string> =>
  Object.fromEntries(
    Object.entries(palette).map(([name, color]) => [`--weir-chart-${name}`, color[scheme]]),
  );

/** Weir's own colours per scheme, and the dimmed text that Mantine draws too faint for AA. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-text": "#17212b",
    "--mantine-color-dimmed": "#55616e",
    "--mantine-color-placeholder": "#66727f",
    "--mantine-color-error": "#b3261e",
    "--weir-canvas": "#f5f7f9",
    "--weir-surface": surface.light,
    "--weir-sunken": "#f0f3f6",
    "--weir-border": "#dfe5ea",
    "--weir-hover": "#eef3f6",
    "--weir-segments": "#eaeff3",
    "--weir-accent-text": "#0b6279",
    "--weir-accent-soft": "#e3f2f6",
    "--weir-red-text": "#a3211a",
    "--weir-red-soft": "#fdecea",
    "--weir-green-text": "#1c6a3a",
    "--weir-green-soft": "#e6f4ea",
    "--weir-blue-text": "#26489e",
    "--weir-blue-soft": "#e8eefb",
    "--weir-amber-text": "#7a4b00",
    "--weir-amber-soft": "#fdf3dc",
    "--weir-shadow": "0 1px 2px rgb(16 24 32 / 5%)",
    ...chartVariables("light"),
  },
  dark: {
    "--mantine-color-text": "#e4e9ef",
    "--mantine-color-dimmed": "#a3aebb",
    "--mantine-color-placeholder": "#95a1b0",
    "--mantine-color-error": "#ff8f86",
    "--weir-canvas": "#0e1318",
    "--weir-surface": surface.dark,
    "--weir-sunken": "#10161c",
    "--weir-border": "#2a343f",
    "--weir-hover": "#1d252f",
    "--weir-segments": "#1d252f",
    "--weir-accent-text": "#79cbe3",
    "--weir-accent-soft": "#12333e",
    "--weir-red-text": "#ff9d95",
    "--weir-red-soft": "#3b1d1c",
    "--weir-green-text": "#7fd6a0",
    "--weir-green-soft": "#16301f",
    "--weir-blue-text": "#a5bdff",
    "--weir-blue-soft": "#1d2948",
    "--weir-amber-text": "#f0c36d",
    "--weir-amber-soft": "#352a12",
    "--weir-shadow": "none",
    ...chartVariables("dark"),
  },
});
