import { hash } from "node:crypto";

/**
 * Puts one target first, by weight, and leaves the others behind it as fallbacks in their order.
 * With a sticky key the choice is the same for the same key, on every worker and after a restart;
 * shares then hold over keys, not over calls.
 *
 * @param random in [0, 1)
 */
export function inOrder<T extends { weight: number }>(
  targets: readonly T[],
  stickyKey: string,
  random: () => number,
): T[] {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  let point = (stickyKey === "" ? random() : fraction(stickyKey)) * total;
  const index = targets.findIndex(({ weight }) => {
    point -= weight;
    return point < 0;
  });
  const first = targets[index];
  return first === undefined ? [...targets] : [first, ...targets.toSpliced(index, 1)];
}

/** A number in [0, 1) that is evenly spread over keys. */
function fraction(key: string): number {
  return Number.parseInt(hash("sha256", key).slice(0, 12), 16) / 2 ** 48;
}
