import { pino, type Logger } from "pino";

/** A child's log: JSON lines on standard output, which the supervisor reads. */
export function childLog(name: string): Logger {
  const level = process.env["WEIR_DEBUG"] ? "debug" : "info";
  const base = { process: name, pid: process.pid };
  return pino({ level, base }, pino.destination({ fd: 1, sync: true }));
}
