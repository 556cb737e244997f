import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { appendFile, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const binariesRoot = "/usr/lib/postgresql";
const readyWithinMs = 60_000;
const stoppedWithinMs = 30_000;
/** Every character of it has to be escaped in a URL. */
const password = "p:@/?#%";

/** A PostgreSQL of a test: real server, empty, on loopback. */
export interface PostgresServer {
  /** Of the database `postgres`, with the superuser's name and password. */
  readonly url: string;
  readonly directory: string;
  /** File of the certificate that it shows for 127.0.0.1, signed by itself; empty without TLS. */
  readonly certificate: string;
  /** `SIGINT` ends connections and shuts down; `SIGKILL` is a crash. Resolves when it has ended. */
  stop(signal?: "SIGINT" | "SIGKILL"): Promise<void>;
  /** Starts it again with the same data on the same port. */
  start(): Promise<void>;
  /** Lets it answer nothing, with its connections open; and go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Folder of Debian's newest PostgreSQL binaries; null where there are none. */
export function findPostgres(): string | null {
  if (!existsSync(binariesRoot)) return null;
  const versions = readdirSync(binariesRoot).toSorted(
    (left, right) => Number(right) - Number(left),
  );
  const found = versions.map((version) => join(binariesRoot, version, "bin"));
  return found.find((directory) => existsSync(join(directory, "initdb"))) ?? null;
}

/** PostgreSQL refuses to run as root, and Debian's package brings a user for it. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) =>
    Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

async function initialise(binaries: string, directory: string): Promise<void> {
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid);
  const passwordFile = `${directory}.password`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
  const options = ["--no-sync", "--auth=scram-sha-256", "--username=weir", "--encoding=UTF8"];
  const locale = ["--locale=C.UTF-8", `--pwfile=${passwordFile}`];
  await promisify(execFile)(
    join(binaries, "initdb"),
    ["--pgdata", directory, ...options, ...locale],
    { uid, gid, cwd: "/" },
  );
  await rm(passwordFile);
  await appendFile(
    join(directory, "postgresql.conf"),
    "\nfsync = off\nfull_page_writes = off\nmax_connections = 60\nshared_buffers = 16MB\n" +
      "autovacuum = off\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n",
  );
}

/** Starts Debian's PostgreSQL on an empty data directory. @throws when it is not installed. */
export async function startPostgres(
  options: { readonly tls?: boolean } = {},
): Promise<PostgresServer> {
  const binaries = findPostgres();
  if (binaries === null)
    throw new Error(
      "These tests need PostgreSQL. Install it: apt-get install -y --no-install-recommends postgresql",
    );
  const directory = await mkdtemp(join(tmpdir(), "weir-postgres-"));
  await initialise(binaries, directory);
  const certificate = options.tls === true ? await requireTls(directory) : "";
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async () => {
    child = await launch(join(binaries, "postgres"), directory, port);
  };
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    const running = child;
    child = null;
    if (running !== null) await end(running, signal);
  };
  await start();
  return {
    url: `postgres://weir:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    directory,
    certificate,
    start,
    stop,
    signal: (signal) => signalAll(child, signal),
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Refuses connections without TLS. @returns the certificate's file. */
async function requireTls(directory: string): Promise<string> {
  const certificate = join(directory, "server.crt");
  const key = join(directory, "server.key");
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const name = ["-subj", "/CN=weir-test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const files = ["-keyout", key, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", ...kind, ...name, ...files], identity());
  await appendFile(join(directory, "postgresql.conf"), "ssl = on\n");
  const rule = "hostssl all all 127.0.0.1/32 scram-sha-256\n";
  await writeFile(join(directory, "pg_hba.conf"), rule);
  return certificate;
}

async function launch(binary: string, directory: string, port: number): Promise<ChildProcess> {
  const child = spawn(binary, ["-D", directory, "-p", String(port)], {
    ...identity(),
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    if (said.length > 50) said.shift();
    if (line.includes("ready to accept connections")) ready.resolve();
  });
  const fail = (why: string) => ready.reject(new Error(`PostgreSQL ${why}:\n${said.join("\n")}`));
  child.once("exit", () => fail("did not start"));
  const late = setTimeout(() => fail("is not ready in time"), readyWithinMs);
  try {
    await ready.promise;
  } catch (error) {
    child.kill("SIGQUIT");
    throw error;
  } finally {
    clearTimeout(late);
  }
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGQUIT"), stoppedWithinMs);
  await exited;
  clearTimeout(late);
}

/** The server and the processes of its connections. */
function signalAll(child: ChildProcess | null, signal: "SIGSTOP" | "SIGCONT"): void {
  if (child?.pid === undefined) return;
  const children = readProcessChildren(child.pid);
  for (const pid of [child.pid, ...children]) process.kill(pid, signal);
}

function readProcessChildren(pid: number): number[] {
  const text = execFileSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return text
    .split("\n")
    .map(Number)
    .filter((child) => child > 0);
}
