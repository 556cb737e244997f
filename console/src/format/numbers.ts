const exact = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", {
  notation: "compact",
  maximumSignificantDigits: 3,
});
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 1 });

/** `1,234,567` */
export const formatCount = (value: number): string => exact.format(value);

/** `1.23M`: for cards and axes; the exact figure belongs beside it in a title or a table. */
export const formatCompact = (value: number): string => compact.format(value);

/** `4.2%`; null when there is no whole to take a part of. */
export const formatShare = (part: number, whole: number): string | null =>
  whole > 0 ? percent.format(part / whole) : null;

/** `1 request`, `2 requests`. */
export const formatNoun = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const byteUnits = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** 118000 → "118 kB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${compact.format(Number((bytes / 1000 ** power).toPrecision(3)))} ${byteUnits[power] ?? ""}`;
}
