const MAX_DISTANCE = 3;

/** The known name that is most like `name`; undefined when none is like it. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const bound = Math.min(MAX_DISTANCE, Math.ceil(name.length / 3));
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: candidate.startsWith(name)
        ? 1
        : editDistance(name.toLowerCase(), candidate.toLowerCase()),
    }))
    .toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= bound ? best.candidate : undefined;
}

/** Levenshtein's distance: how many characters must be put in, taken out or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
