/** How many proxy workers to run: one a core, with a core left for control. 0 = choose. */
export function workerCount(configured: number, cores: number): number {
  return configured === 0 ? Math.max(1, cores - 1) : configured;
}
