/** A whole Weir before a provider of bare sockets, watched from outside while it is attacked. */
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import {
  plainAnswer,
  startTcpUpstream,
  type TcpUpstream,
} from "../../../gateway/src/proxy/fuzz/testing/start-tcp-upstream.ts";
import { descendants, listensOn, processStats } from "../../support/process-stats.ts";
import { readLedger, type LedgerRow, type LedgerRows } from "../../support/read-ledger.ts";
import { startWeir, type PartialConfig, type RunningWeir } from "../../support/start-weir.ts";

export const body = '{"model":"sim-echo","messages":[]}';
export const modelAllowed = "sim-*";

export interface AttackedWeir {
  readonly weir: RunningWeir;
  readonly upstream: TcpUpstream;
  /** The process that listens on the gateway's port. */
  readonly proxyPid: number;
  rssBytes(): number;
  /** Resolves when the proxy holds no more files and sockets than `most`. */
  openFilesAtMost(most: number): Promise<void>;
  openFiles(): number;
  /** A plain call is served. It leaves one row. */
  expectServing(): Promise<void>;
  /** Stops Weir, by force if need be, and reads what it has kept. */
  stop(options?: { force: boolean }): Promise<LedgerRows>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

const team = { id: "blue", models: [modelAllowed], tools: ["read"], maxTokens: 1_000 };

export function provider(name: string, dialect: string, url: string): PartialConfig {
  const baseUrl = dialect === "openai" ? `${url}/v1` : url;
  const apiKeyEnv = "SECURITY_TEST_UPSTREAM";
  return { name, dialect, baseUrl, apiKeyEnv, prices: { "*": { input: 1, output: 4 } } };
}

/** @param config added to one team, one person and a provider of each dialect */
export async function startAttacked(
  config: PartialConfig = {},
  answer: Parameters<typeof startTcpUpstream>[0] = (_request, socket) => {
    socket.write(plainAnswer);
  },
): Promise<AttackedWeir> {
  const dataDir = await mkdtemp(join(tmpdir(), "weir-attacked-"));
  const upstream = await startTcpUpstream(answer);
  const weir = await startWeir({
    dataDir,
    env: { SECURITY_TEST_UPSTREAM: "sk-upstream" },
    config: {
      providers: [
        provider("up-openai", "openai", upstream.url),
        provider("up-anthropic", "anthropic", upstream.url),
        provider("up-gemini", "gemini", upstream.url),
      ],
      teams: [team],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      ...config,
    },
  });
  const proxyPid = listenerOf(weir);
  const openFiles = () => openFilesOf(proxyPid).length;
  return {
    weir,
    upstream,
    proxyPid,
    openFiles,
    rssBytes: () => processStats(proxyPid)?.rssBytes ?? 0,
    openFilesAtMost: (most) =>
      expect.poll(openFiles, { timeout: 20_000 }).toBeLessThanOrEqual(most),
    expectServing: () => expectServing(weir, proxyPid),
    stop: async (options) => {
      if (options?.force === true) {
        await shippedSome(weir);
        await kill(weir);
      } else expect(await weir.stop()).toBe(0);
      return unlockedLedger(dataDir);
    },
    remove: async () => {
      await weir.stop();
      await upstream[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function listenerOf({ gateway, process: { pid } }: RunningWeir): number {
  const port = Number(new URL(gateway).port);
  const found = descendants(pid ?? 0).find((each) => listensOn(each.pid, port));
  if (found === undefined) throw new Error("no process listens on the gateway's port");
  return found.pid;
}

async function expectServing({ gateway, key }: RunningWeir, proxyPid: number): Promise<void> {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ id: "x" });
  // The very process that was attacked: none has taken its place.
  expect(processStats(proxyPid)).not.toBeNull();
}

/** A process that was killed holds its locks until the last of its threads has ended. */
async function unlockedLedger(dataDir: string): Promise<LedgerRows> {
  const read: { rows?: LedgerRows } = {};
  await expect
    .poll(
      async () => {
        read.rows = await readLedger(dataDir);
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBeUndefined();
  if (read.rows === undefined) throw new Error("the ledger was not read");
  return read.rows;
}

function openFilesOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

/** Until then the ledger may not have all of its tables. */
async function shippedSome({ metrics }: RunningWeir): Promise<void> {
  const shipped = async () => {
    const text = await (await fetch(`${metrics}/metrics`)).text();
    return Number(/^weir_ledger_shipped_rows\S* (\S+)$/m.exec(text)?.[1] ?? 0);
  };
  await expect.poll(shipped, { timeout: 60_000, interval: 200 }).toBeGreaterThan(0);
}

/** Ends all processes at once, as a power cut would. */
async function kill({ process: supervisor }: RunningWeir): Promise<void> {
  const { pid } = supervisor;
  if (pid === undefined) return;
  const exited = new Promise((resolve) => supervisor.once("exit", resolve));
  const all = descendants(pid).map((each) => each.pid);
  supervisor.kill("SIGKILL");
  for (const each of all) killIfThere(each);
  await exited;
  // One that nobody has buried yet holds no files, and no lock.
  await expect.poll(() => all.flatMap(openFilesOf)).toEqual([]);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended with its parent.
  }
}

/** The outcomes of rows, each with how often it stands there. */
export function outcomes(rows: readonly LedgerRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of rows) counts[String(outcome)] = (counts[String(outcome)] ?? 0) + 1;
  return counts;
}

/** Posts JSON, or something like it, with the caller's key. */
export function post(
  { weir }: Pick<AttackedWeir, "weir">,
  path: string,
  payload: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = {
    authorization: `Bearer ${weir.key}`,
    "content-type": "application/json",
    ...headers,
  };
  return fetch(`${weir.gateway}${path}`, { method: "POST", headers: all, body: payload });
}
