import type { PaletteName } from "./palette.ts";

export interface ChartSeries {
  readonly key: string;
  readonly label: string;
  readonly color: PaletteName;
}

export interface ChartRow {
  readonly key: string;
  readonly label: string;
  readonly longLabel: string;
  /** Drawn pale and hatched: the figure will still grow. */
  readonly incomplete: boolean;
  /** By series; null is a gap and never a zero. */
  readonly values: Readonly<Record<string, number | null>>;
  /** By series and `total`, formatted in full for the tooltip. */
  readonly exact: Readonly<Record<string, string>>;
}

export interface TableTwin {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row is its header. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
}

/** A chart, decided: the component that draws it chooses nothing but pixels. */
export interface ChartData {
  readonly title: string;
  /** The chart in a sentence or two, for those who do not see it. */
  readonly summary: string;
  readonly series: readonly ChartSeries[];
  readonly rows: readonly ChartRow[];
  readonly axisTick: (value: number) => string;
  readonly table: TableTwin;
  /** Nothing to draw: every value is zero or unknown. */
  readonly isBlank: boolean;
}
