import { exitCodes, StartFault, StoppedError } from "./fault.ts";

/** Waits for a part; when it fails, says which one it was and what to do. */
export async function explained<T>(
  name: string,
  waiting: Promise<T>,
  known: (error: Error) => Error = (error) => error,
): Promise<T> {
  try {
    return await waiting;
  } catch (error) {
    if (error instanceof StoppedError) throw error;
    const cause = error instanceof Error ? error : new Error(String(error));
    const better = known(cause);
    throw better === cause ? startFault(name, cause.message, cause) : better;
  }
}

/** Weir cannot run since this part cannot. */
export function startFault(name: string, why: string, cause: Error | undefined): StartFault {
  return new StartFault(
    {
      code: "WEIR_START_FAILED",
      cause: `${name} cannot be started: ${why}`,
      remedy: "`weir doctor` looks for what is wrong; WEIR_DEBUG=1 shows the details.",
      exitCode: exitCodes.startFailed,
    },
    { cause },
  );
}
