import { join } from "node:path";
import { needsSimulator, withSimulator } from "../config/simulator.ts";
import type { Config } from "../config/schema.ts";
import type { HeldLock } from "../ledger/lock/hold-lock.ts";
import type { Child } from "./child.ts";
import { claimPort, listenFault } from "./claim-port.ts";
import type { Clock } from "./clock.ts";
import { holdDataDirectory } from "./data-directory.ts";
import { StoppedError } from "./fault.ts";
import { explained, startFault } from "./explain.ts";
import { createKeeper, type KeeperHost, serveBudgets } from "./keeper-host.ts";
import { readSpent } from "./read-spent.ts";
import { KeptChild, type SupervisorLog } from "./kept-child.ts";
import type {
  ControlFacts,
  ControlSettings,
  ProxyFacts,
  ProxySettings,
  Role,
  SimulatorFacts,
  SimulatorSettings,
} from "./messages.ts";
import { createMetricsCollector, type Part } from "./metrics.ts";
import { listenForMetrics, type MetricsListener } from "./metrics-listener.ts";
import { writeRunning } from "./running.ts";
import { waitReady } from "./wait-ready.ts";

export interface SupervisorOptions {
  readonly config: Config;
  readonly parts: { readonly control: boolean; readonly workers: number };
  readonly controlToken: string;
  readonly valkeyPassword?: string | undefined;
  readonly consoleDirectory: string;
  readonly ownerName: string;
  readonly version: string;
  readonly pid: number;
  readonly fork: (role: Role, name: string) => Child;
  readonly clock: Clock;
  readonly log: SupervisorLog;
}

/** Where everything is, once it can be used. What was not asked for is empty. */
export interface Ready {
  readonly gateway: string;
  readonly console: string;
  readonly metrics: string;
  /** Null once the first key has been revoked. */
  readonly key: string | null;
  readonly login: string;
  readonly simulator: boolean;
}

const CONTROL_READY_WITHIN_MS = 60_000;
const STOP_MARGIN_MS = 15_000;
const CONTROL_STOP_MS = 60_000;

/** Runs Weir's processes on one machine: starts them, keeps them running, ends them in order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #stopping = new AbortController();
  #lock: HeldLock | undefined;
  #metrics: MetricsListener | undefined;
  #simulator: KeptChild<SimulatorFacts> | undefined;
  #control: KeptChild<ControlFacts> | undefined;
  #keeper: KeeperHost | undefined;
  #proxies: KeptChild<ProxyFacts>[] = [];
  #isReady = false;
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Starts everything and waits until it can be used.
   *
   * @throws StartFault after everything has been stopped again; StoppedError when `stop` was first.
   */
  async start(): Promise<Ready> {
    try {
      const ready = await this.#start();
      if (this.#stopping.signal.aborted) throw new StoppedError();
      this.#isReady = true;
      const { gateway, console, metrics } = ready;
      const { config, pid } = this.#options;
      writeRunning(config.dataDir, { pid, gateway, console, metrics });
      return ready;
    } catch (error) {
      await this.stop();
      // Stopped from outside while they were being opened, they have been missed.
      await this.#release();
      throw error;
    }
  }

  /**
   * Ends the proxies, which let their calls finish; then control, which ships what they recorded;
   * then the rest.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** Ends all children at once, and loses nothing that is in a spool. */
  kill(): void {
    for (const part of this.#parts()) part.kill();
  }

  async #start(): Promise<Ready> {
    const { config, parts, pid } = this.#options;
    this.#lock = await holdDataDirectory(config.dataDir, pid);
    if (parts.workers > 0) await claimPort("gateway", config.gateway);
    if (parts.control) await claimPort("console", config.console);
    this.#metrics = await this.#listenForMetrics();
    const metrics = this.#metrics.url;
    if (this.#stopping.signal.aborted) throw new StoppedError();
    this.#startSimulator();
    this.#startControl();
    this.#startProxies();
    const control = await this.#controlReady();
    const gateway = await this.#gatewayReady();
    return {
      gateway,
      console: control?.consoleUrl ?? "",
      metrics,
      key: control?.firstKey ?? null,
      login: control?.loginUrl ?? "",
      simulator: this.#simulator !== undefined,
    };
  }

  #parts(): Part[] {
    const parts = [this.#simulator, this.#control, ...this.#proxies];
    return parts.filter((part) => part !== undefined);
  }

  #listenForMetrics(): Promise<MetricsListener> {
    const { config, version } = this.#options;
    const collect = createMetricsCollector(version, () => this.#parts());
    const isReady = () => this.#isReady && this.#parts().every((part) => part.isServing);
    return listenForMetrics({ ...config.metrics, collect, isReady });
  }

  #keep<Facts>(
    role: Role,
    name: string,
    settings: (last: Facts | undefined) => Promise<object>,
    onUp?: (facts: Facts) => void,
  ): KeptChild<Facts> {
    const { clock, log } = this.#options;
    const fork = () => this.#fork(role, name);
    return new KeptChild({ name, fork, settings, clock, log, ...(onUp && { onUp }) });
  }

  #fork(role: Role, name: string): Child {
    const child = this.#options.fork(role, name);
    if (role === "proxy" && this.#keeper !== undefined) serveBudgets(child, this.#keeper);
    return child;
  }

  #startSimulator(): void {
    const { config, parts } = this.#options;
    if (parts.workers === 0 || !needsSimulator(config)) return;
    this.#simulator = this.#keep<SimulatorFacts>("simulator", "simulator", async (last) => {
      return { host: "127.0.0.1", port: last?.port ?? 0 } satisfies SimulatorSettings;
    });
  }

  #startControl(): void {
    const { config, parts, controlToken, consoleDirectory, ownerName, version } = this.#options;
    if (!parts.control) return;
    const settings = async (last: ControlFacts | undefined) => {
      const port = last?.port ?? config.console.port;
      return {
        config: { ...config, console: { ...config.console, port } },
        controlToken,
        consoleDirectory,
        ownerName,
        version,
        gatewayUrl: last === undefined ? null : await this.#gatewayUrl(),
      } satisfies ControlSettings;
    };
    this.#control = this.#keep("control", "control", settings);
  }

  #startProxies(): void {
    const { config, parts, valkeyPassword, controlToken, log } = this.#options;
    const { workers } = parts;
    if (workers === 0) return;
    this.#keeper = createKeeper({
      limits: config.limits,
      valkeyPassword,
      file: join(config.dataDir, "snapshot", "budgets.json"),
      log,
      readSpent: async (signal) => readSpent(await this.#controlUrl(), controlToken, signal),
    });
    for (let worker = 0; worker < workers; worker += 1) {
      const settings = (last: ProxyFacts | undefined) => this.#proxySettings(worker, last);
      this.#proxies.push(this.#keep("proxy", `proxy-${worker}`, settings));
    }
  }

  async #proxySettings(worker: number, last: ProxyFacts | undefined): Promise<ProxySettings> {
    const { config, parts, controlToken, version } = this.#options;
    const simulator = await this.#simulator?.up;
    // The first worker chooses the port when any will do; the others follow it.
    const first = worker === 0 ? undefined : await this.#proxies[0]?.up;
    const port = last?.port ?? first?.port ?? config.gateway.port;
    const own = simulator === undefined ? config : withSimulator(config, simulator.url);
    return {
      config: { ...own, gateway: { ...config.gateway, port } },
      worker,
      controlUrl: await this.#controlUrl(),
      controlToken,
      version,
      reusePort: parts.workers > 1,
    };
  }

  async #controlUrl(): Promise<string> {
    const { config } = this.#options;
    const control = await this.#control?.up;
    return control?.consoleUrl ?? (config.control.url || defaultControlUrl(config));
  }

  async #gatewayUrl(): Promise<string> {
    return (await this.#proxies[0]?.up)?.url ?? "";
  }

  async #controlReady(): Promise<ControlFacts | undefined> {
    const { clock } = this.#options;
    if (this.#simulator !== undefined) await explained("simulator", this.#simulator.serving);
    if (this.#control === undefined) return undefined;
    const { config } = this.#options;
    const facts = await explained("control", this.#control.up, (error) =>
      listenFault("console", config.console, error),
    );
    const { signal } = this.#stopping;
    if (await waitReady(facts.consoleUrl, CONTROL_READY_WITHIN_MS, clock, signal)) return facts;
    if (signal.aborted) throw new StoppedError();
    throw startFault("control", "it is up, but not ready; its log is above", undefined);
  }

  async #gatewayReady(): Promise<string> {
    const { config, clock } = this.#options;
    const asListener = (error: Error) => listenFault("gateway", config.gateway, error);
    for (const proxy of this.#proxies) await explained(proxy.name, proxy.up, asListener);
    const url = await this.#gatewayUrl();
    if (url !== "") this.#control?.child.tell({ type: "gateway-url", url });
    for (const proxy of this.#proxies) await explained(proxy.name, proxy.serving, asListener);
    if (url === "" || (await waitReady(url, 10_000, clock, this.#stopping.signal))) return url;
    throw startFault("gateway", `${url}/readyz does not answer`, undefined);
  }

  async #stop(): Promise<void> {
    this.#isReady = false;
    this.#stopping.abort();
    const { shutdownGraceMs } = this.#options.config.limits;
    await Promise.all(this.#proxies.map((proxy) => proxy.stop(shutdownGraceMs + STOP_MARGIN_MS)));
    await this.#control?.stop(CONTROL_STOP_MS);
    await this.#simulator?.stop(STOP_MARGIN_MS);
    await this.#release();
  }

  async #release(): Promise<void> {
    const metrics = this.#metrics;
    const lock = this.#lock;
    this.#metrics = undefined;
    this.#lock = undefined;
    await metrics?.close();
    await this.#keeper?.close();
    this.#keeper = undefined;
    lock?.release();
  }
}

function defaultControlUrl(config: Config): string {
  return `http://${config.console.host}:${config.console.port}`;
}
