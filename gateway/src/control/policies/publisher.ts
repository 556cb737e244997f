import type { LoadedPolicy } from "../snapshot/build.ts";
import { type KeptPolicy, readKeptPolicy, writeKeptPolicy } from "./kept-policy.ts";
import { policyRevision, type PolicySources, readSettled } from "./sources.ts";
import type { PolicyError, PolicyProblem, PolicyStatus } from "./status.ts";
import type { PolicyToolchain } from "./toolchain.ts";
import { watchDirectory } from "./watch-directory.ts";

export interface PolicyPublisherOptions {
  readonly directory: string;
  readonly read: () => Promise<PolicySources>;
  readonly entrypoints: readonly string[];
  readonly toolchain: PolicyToolchain;
  /** Where the last good policy is kept. */
  readonly keptPath: string;
  readonly now: () => number;
  readonly log: {
    info: (fields: object, message: string) => void;
    error: (fields: object, message: string) => void;
  };
  /** Called after a new policy has come into force. */
  readonly onChange: () => Promise<void>;
  /**
   * Puts on record that this is the policy from now on, before it comes into force; the same
   * revision over again is no news. Rejects when it cannot: the policy then stays as it was.
   */
  readonly record?: (policy: Pick<KeptPolicy, "revision" | "sources">) => Promise<void>;
  /** Throws while `record` would reject, before anything is compiled in vain. */
  readonly assertRecordable?: () => void;
  readonly onOutcome?: (outcome: "published" | "refused") => void;
}

/**
 * Puts the folder's policy into force: checked, tested and built, or not at all. While the newest
 * sources are bad, the last good policy stays, also across restarts.
 */
export class PolicyPublisher {
  readonly #options: PolicyPublisherOptions;
  #loaded: KeptPolicy | null = null;
  #problem: PolicyProblem | null = null;
  #refusedRevision = "";
  #recordedRevision = "";
  #running: Promise<void> = Promise.resolve();
  #isQueued = false;
  #watcher: { close: () => void } | null = null;

  constructor(options: PolicyPublisherOptions) {
    this.#options = options;
  }

  /** The policy in force; null = none has ever been loaded. */
  get loaded(): LoadedPolicy | null {
    return this.#loaded;
  }

  status(): PolicyStatus {
    return {
      revision: this.#loaded?.revision ?? null,
      loadedAtMs: this.#loaded?.loadedAtMs ?? null,
      entrypoints: this.#loaded?.entrypoints ?? [],
      files: Object.keys(this.#loaded?.sources ?? {}).toSorted(),
      problem: this.#problem,
    };
  }

  /** Loads the policy for the first time, without compiling what was compiled before. */
  async start(): Promise<void> {
    const { entrypoints, toolchain, keptPath, log } = this.#options;
    const kept = await readKeptPolicy(keptPath);
    const isUsable = kept?.entrypoints.join() === entrypoints.join();
    this.#loaded = isUsable ? kept : null;
    const isRebuildNeeded = this.#loaded !== null && kept?.compiler !== toolchain.identity;
    await this.#reload(isRebuildNeeded);
    if (this.#loaded === null) log.error({}, "no policy is loaded: every call is denied");
  }

  /** Begins to follow the folder. */
  watch(): void {
    this.#watcher = watchDirectory(this.#options.directory, () => void this.reload());
  }

  /** Looks at the folder now. Calls never overlap, and wait for a look that began after them. */
  reload(): Promise<void> {
    if (this.#isQueued) return this.#running;
    this.#isQueued = true;
    this.#running = this.#running.then(() => {
      this.#isQueued = false;
      return this.#reload(false);
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    this.#watcher = null;
    await this.#running;
    await this.#options.toolchain.close();
  }

  async #reload(isForced: boolean): Promise<void> {
    const revisionOf = (sources: PolicySources) =>
      policyRevision(sources, this.#options.entrypoints);
    try {
      await this.#recordLoaded();
      let sources = await this.#options.read();
      if (!isForced && this.#isKnown(revisionOf(sources))) return;
      sources = await readSettled(this.#options.read, revisionOf, sources);
      const revision = revisionOf(sources);
      if (!isForced && this.#isKnown(revision)) return;
      await this.#publish(sources, revision);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#refuse("", [{ file: "", row: 0, column: 0, message }]);
    }
  }

  /** True when there is nothing to do; going back to the good sources ends a problem. */
  #isKnown(revision: string): boolean {
    if (revision === this.#refusedRevision) return true;
    if (revision !== this.#loaded?.revision) return false;
    if (this.#problem !== null)
      this.#options.log.info({ revision }, "policy sources are good again");
    this.#problem = null;
    this.#refusedRevision = "";
    return true;
  }

  async #publish(sources: PolicySources, revision: string): Promise<void> {
    const { entrypoints, toolchain, now, keptPath, log, onChange, onOutcome } = this.#options;
    this.#options.assertRecordable?.();
    const result = await toolchain.compile(sources, entrypoints);
    if (!result.ok) {
      this.#refuse(revision, result.errors);
      return;
    }
    const policy: KeptPolicy = {
      revision,
      compiler: toolchain.identity,
      entrypoints: [...entrypoints],
      sources: { ...sources },
      loadedAtMs: now(),
      wasm: Buffer.from(result.wasm).toString("base64"),
    };
    await this.#record(policy);
    await writeKeptPolicy(keptPath, policy);
    this.#loaded = policy;
    this.#problem = null;
    this.#refusedRevision = "";
    log.info({ revision, files: Object.keys(sources).length }, "policy published");
    onOutcome?.("published");
    await onChange();
  }

  async #record(policy: KeptPolicy): Promise<void> {
    await this.#options.record?.(policy);
    this.#recordedRevision = policy.revision;
  }

  /** A kept policy is in force whether or not that could be recorded so far. */
  async #recordLoaded(): Promise<void> {
    if (this.#loaded === null || this.#loaded.revision === this.#recordedRevision) return;
    await this.#record(this.#loaded).catch((error: unknown) => {
      this.#options.log.error({ err: error }, "the policy in force could not be recorded");
    });
  }

  #refuse(revision: string, errors: readonly PolicyError[]): void {
    const isRepeated = revision === "" && this.#problem?.errors[0]?.message === errors[0]?.message;
    this.#refusedRevision = revision;
    if (isRepeated) return;
    this.#problem = { atMs: this.#options.now(), errors: [...errors] };
    const kept = this.#loaded === null ? "none: every call is denied" : this.#loaded.revision;
    for (const error of errors) {
      this.#options.log.error({ ...error, inForce: kept }, "policy refused");
    }
    this.#options.onOutcome?.("refused");
  }
}
