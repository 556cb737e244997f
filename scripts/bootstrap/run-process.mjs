import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program to its end with its output on our standard error, and gives its exit code;
 * 128 + n when a signal ended it, 127 when it could not be started.
 */
export function runProcess(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", 2, 2], ...options });
    const pass = (signal) => child.kill(signal);
    process.on("SIGINT", pass);
    process.on("SIGTERM", pass);
    const end = (code) => {
      process.off("SIGINT", pass);
      process.off("SIGTERM", pass);
      resolve(code);
    };
    child.once("error", () => end(127));
    child.once("exit", (code, signal) => end(exitCodeOf(code, signal)));
  });
}

/** The exit code by which a shell would know how a process ended. */
export function exitCodeOf(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}
