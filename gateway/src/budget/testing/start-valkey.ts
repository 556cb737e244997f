import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const READY_WITHIN_MS = 10_000;

/** A Valkey, or a Redis, of a test's own. */
export interface TestValkey {
  /** The same after each start. */
  readonly url: string;
  /** Ends it without a word, as a crash would; nothing of it is kept. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It takes commands and answers none. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Debian has one or the other, by its release; VALKEY_PATH names another. */
export function valkeyPath(): string {
  const named = process.env["VALKEY_PATH"];
  const places =
    named === undefined ? ["/usr/bin/valkey-server", "/usr/bin/redis-server"] : [named];
  const found = places.find((path) => isExecutable(path));
  if (found !== undefined) return found;
  throw new Error(`there is no Valkey at ${places.join(" or ")}: apt-get install redis-server`);
}

/** Starts one on a free port of loopback, in a temporary folder. */
export async function startValkey(): Promise<TestValkey> {
  const directory = await mkdtemp(join(tmpdir(), "weir-valkey-"));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async () => {
    const address = ["--port", String(port), "--bind", "127.0.0.1"];
    const kept = ["--save", "", "--appendonly", "no", "--dir", directory];
    child = spawn(valkeyPath(), [...address, ...kept], { stdio: "ignore" });
    await listening(port);
  };
  const kill = async () => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    freeze: () => child?.kill("SIGSTOP"),
    thaw: () => child?.kill("SIGCONT"),
    close: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isUp = await Promise.race([
      once(socket, "connect").then(
        () => true,
        () => false,
      ),
      sleep(1_000, false),
    ]);
    socket.destroy();
    if (isUp) return;
    if (performance.now() > deadline) throw new Error("Valkey does not listen");
    await sleep(20);
  }
}
