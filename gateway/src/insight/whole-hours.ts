const DAY_MS = 86_400_000;

/**
 * Whether every day of a range begins at a whole hour of UTC. Most zones are whole hours away from it;
 * India is five and a half, and Lord Howe Island half an hour off for half of the year.
 *
 * @throws RangeError for a zone that is not known.
 */
export function isOfWholeHours(range: {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}): boolean {
  const { from, to, timeZone } = range;
  const minutes = new Intl.DateTimeFormat("en", { timeZone, minute: "numeric" });
  const last = Date.parse(to) + DAY_MS;
  for (let at = Date.parse(from) - DAY_MS; at <= last; at += DAY_MS)
    if (Number(minutes.format(at)) !== 0) return false;
  return true;
}
