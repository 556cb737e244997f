/** Exit codes of the command line; the table is printed by `weir --help`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  config: 3,
  portTaken: 4,
  dataDirectoryInUse: 5,
  dataDirectoryUnusable: 6,
  startFailed: 7,
  interrupted: 130,
} as const;

/** Why Weir cannot run, in one line, and what to do about it, in another sentence. */
export class StartFault extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly exitCode: number;

  constructor(
    fault: { code: string; cause: string; remedy: string; exitCode: number },
    options?: ErrorOptions,
  ) {
    super(fault.cause, options);
    this.name = "StartFault";
    this.code = fault.code;
    this.remedy = fault.remedy;
    this.exitCode = fault.exitCode;
  }
}

/** Stopped while it was starting: no failure. */
export class StoppedError extends Error {
  readonly code = "WEIR_STOPPED";

  constructor() {
    super("stopped before it was ready");
    this.name = "StoppedError";
  }
}
