/** The middle of several measurements, with the range they lay in. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The nearest-rank percentile: the smallest value that at least the share `quantile` (0 to 1) of all
 * values does not exceed. It is always one of the values; NaN when there is none.
 */
export function percentile(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const rank = Math.ceil(quantile * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** Median (mean of the middle two for an even count), least and greatest; all NaN when empty. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).toSorted();
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return {
    median: (lower + upper) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/**
 * Combines two series measured round by round, so that what disturbed a round disturbs both sides.
 * @throws {RangeError} when the series differ in length.
 */
export function byRound(
  left: readonly number[],
  right: readonly number[],
  combine: (left: number, right: number) => number,
): readonly number[] {
  if (left.length !== right.length) throw new RangeError("the series differ in length");
  return left.map((value, round) => combine(value, right[round] ?? Number.NaN));
}
