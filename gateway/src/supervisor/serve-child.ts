import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { IpcAuthority } from "../budget/ipc-authority.ts";
import type { Authority } from "../budget/protocol.ts";
import { isFromPeer } from "./from-peer.ts";
import type { FromChild, ToChild } from "./messages.ts";

/** A part of Weir as its process runs it. */
export interface RunningPart {
  readonly facts: object;
  /** When it can do its work. */
  readonly serving: Promise<void>;
  readonly registry?: Registry;
  readonly setGatewayUrl?: (url: string) => void;
  close(): Promise<void>;
}

export interface ChildProcessLike {
  send?(message: FromChild, callback: () => void): boolean;
  on(event: string, listener: (...values: never[]) => void): unknown;
  exit(code: number): never;
}

// By then the next supervisor may want the port and the spool.
const ORPHAN_CLOSE_MS = 3_000;

/** Runs a part as the supervisor says, and ends when it says so or is gone. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each role names its own
export function serveChild<Settings>(
  process: ChildProcessLike,
  log: Logger,
  start: (settings: Settings, keeper: Authority) => Promise<RunningPart>,
): void {
  const send = (message: FromChild) => process.send?.(message, () => undefined);
  const keeper = new IpcAuthority((id, message) => send({ type: "budget", id, message }));
  let starting: Promise<RunningPart> | undefined;

  const end = async (withinMs?: number) => {
    if (withinMs !== undefined) setTimeout(() => process.exit(1), withinMs);
    try {
      await (await starting)?.close();
      process.exit(0);
    } catch (error) {
      log.error({ err: error }, "could not be closed in order");
      process.exit(1);
    }
  };

  const begin = async (settings: unknown) => {
    try {
      if (!isFromPeer<Settings>(settings)) throw new Error("there are no settings");
      starting = start(settings, keeper);
      const part = await starting;
      send({ type: "up", facts: part.facts });
      await part.serving;
      send({ type: "serving" });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.debug({ err: error }, "cannot start");
      process.send?.({ type: "failed", code: codeOf(error), message }, () => process.exit(1));
    }
  };

  const answer = async (id: number) => {
    const part = await starting;
    const metrics = (await part?.registry?.getMetricsAsJSON()) ?? [];
    send({ type: "metrics", id, metrics });
  };

  process.on("message", (message: ToChild) => {
    if (message.type === "start") void begin(message.settings);
    else if (message.type === "stop") void end();
    else if (message.type === "metrics") void answer(message.id);
    else if (message.type === "budget") keeper.receive(message.id, message.answers);
    else void starting?.then((part) => part.setGatewayUrl?.(message.url));
  });
  process.on("disconnect", () => void end(ORPHAN_CLOSE_MS));
  // A terminal's Ctrl+C and a service manager's stop reach every process: the supervisor decides.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "a defect ended this process");
      process.exit(1);
    });
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return "WEIR_INTERNAL";
}
