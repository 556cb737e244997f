import { exitCodes } from "../supervisor/fault.ts";

const meanings: readonly [number, string][] = [
  [exitCodes.ok, "all is well; after `start`: stopped in order"],
  [exitCodes.failed, "a check or a command failed; Node.js is too old"],
  [exitCodes.usage, "an unknown command or option"],
  [exitCodes.config, "the configuration has problems"],
  [exitCodes.portTaken, "a port is taken or cannot be used"],
  [exitCodes.dataDirectoryInUse, "another Weir uses the data directory"],
  [exitCodes.dataDirectoryUnusable, "the data directory cannot be used"],
  [exitCodes.startFailed, "a part of Weir could not be started"],
  [exitCodes.interrupted, "a second signal ended Weir at once"],
];

/** The table of exit codes, as help prints it. */
export const exitCodeHelp = `
Exit codes:
${meanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n")}`;
