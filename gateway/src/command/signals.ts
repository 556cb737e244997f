import { exitCodes } from "../supervisor/fault.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";

// npm, the launcher and the terminal may each pass on the same Ctrl+C.
const SAME_SIGNAL_MS = 500;

/**
 * Ends the supervisor in order at the first signal, or when the launcher has gone, and at once at
 * the second.
 *
 * @returns the exit code, once it has ended in order.
 */
export function endOnSignals(
  supervisor: Pick<Supervisor, "stop" | "kill">,
  say: (line: string) => void,
): Promise<number> {
  const ended = Promise.withResolvers<number>();
  let firstAt: number | undefined;
  const end = (why: string) => {
    const now = performance.now();
    if (firstAt !== undefined) {
      if (now - firstAt < SAME_SIGNAL_MS) return;
      supervisor.kill();
      process.exit(exitCodes.interrupted);
    }
    firstAt = now;
    say(`${why}: letting calls under way end; a second signal ends them at once`);
    supervisor.stop().then(() => ended.resolve(exitCodes.ok), ended.reject);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => end(signal));
  }
  process.on("disconnect", () => {
    if (firstAt === undefined) end("the launcher has gone");
  });
  return ended.promise;
}
