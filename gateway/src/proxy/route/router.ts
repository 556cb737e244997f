/** Decides where a call may go: aliases resolved, in the order in which targets are to be tried. */
import type { Config, ProviderDialect } from "../../config/schema.ts";
import type { Upstream } from "../upstream.ts";
import { bestUpstream } from "./best-upstream.ts";
import { inOrder } from "./order.ts";
import { StateHomes } from "./state-homes.ts";
import type { Target } from "./target.ts";
import { type ProviderLoad, TargetGate } from "./target-gate.ts";

export interface RouteRequest {
  dialect: ProviderDialect;
  /** Whether the operation can be carried over to a provider of another dialect. */
  canTranslate(to: ProviderDialect): boolean;
  model: string;
  /** Providers the call may go to; null = any. */
  providers: ReadonlySet<string> | null;
  /** State at one provider that the call builds on. */
  stateIds: readonly string[];
  /** Calls of one credential go the same way where state may follow; empty = does not matter. */
  stickyKey: string;
}

export interface Router {
  /** Empty = no configured provider serves the model. */
  plan(request: RouteRequest): readonly Target[];
  /** The provider of this name, of the given dialect if there are two. */
  named(provider: string, dialect: ProviderDialect): Target | undefined;
  ofDialect(dialect: ProviderDialect): readonly Upstream[];
  readonly aliases: readonly string[];
  /** Remembers which provider made these ids. */
  keepState(ids: readonly string[], target: Target): void;
  /** Open gates by provider. */
  openGates(): ReadonlyMap<string, number>;
  /** Calls under way by provider. */
  inFlight(): ReadonlyMap<string, number>;
}

interface AliasEntry {
  strategy: "ordered" | "weighted";
  /** For each target the providers of that name: there are two where one speaks two dialects. */
  targets: { weight: number; candidates: Target[] }[];
}

export function createRouter(
  config: Pick<Config, "aliases" | "routing">,
  upstreams: readonly Upstream[],
  random: () => number,
): Router {
  const gates = createGates(config.routing);
  const states = new StateHomes();
  const direct = new Map(upstreams.map((upstream) => [upstream, gates.open(upstream, false)]));
  const aliases = new Map<string, AliasEntry>();
  for (const { name, strategy, targets } of config.aliases) {
    const entries = targets.map(({ provider, model, weight }) => ({
      weight,
      candidates: upstreams
        .filter((upstream) => upstream.name === provider)
        .map((upstream) => ({ upstream, model, gate: gates.open(upstream, targets.length > 1) })),
    }));
    aliases.set(name, { strategy, targets: entries });
  }

  const planned = (request: RouteRequest): readonly Target[] => {
    const alias = aliases.get(request.model);
    if (alias !== undefined) return aliasTargets(alias, request, random);
    // A call without a model, such as reading a stored response, is known by its state alone.
    const home = request.model === "" ? states.find(request.stateIds) : undefined;
    const candidates = upstreams.filter(({ name }) => home === undefined || name === home);
    const upstream = bestUpstream(candidates, request);
    const gate = upstream && direct.get(upstream);
    return upstream && gate ? [{ upstream, model: request.model, gate }] : [];
  };
  return {
    aliases: [...aliases.keys()],
    plan: (request) => {
      const targets = planned(request);
      if (request.stateIds.length === 0 || targets.length < 2) return targets;
      // What is kept at one provider is unknown to all others: such a call has no fallback.
      const home = states.find(request.stateIds);
      return [targets.find(({ upstream }) => upstream.name === home) ?? targets[0]].filter(
        (target) => target !== undefined,
      );
    },
    named: (name, dialect) => {
      const found = upstreams.filter((upstream) => upstream.name === name);
      const upstream = found.find((one) => one.dialect === dialect) ?? found[0];
      const gate = upstream && direct.get(upstream);
      return upstream && gate && { upstream, model: "", gate };
    },
    ofDialect: (dialect) => upstreams.filter((upstream) => upstream.dialect === dialect),
    keepState: (ids, { upstream }) => states.keep(ids, upstream.name),
    openGates: () => gates.notClosed(),
    inFlight: () => gates.inFlight(),
  };
}

function aliasTargets(
  { strategy, targets }: AliasEntry,
  request: RouteRequest,
  random: () => number,
): Target[] {
  const usable = targets.flatMap(({ weight, candidates }) => {
    const upstream = bestUpstream(
      candidates.map((target) => target.upstream),
      { ...request, model: "" },
    );
    const target = candidates.find((candidate) => candidate.upstream === upstream);
    return target === undefined ? [] : [{ weight, target }];
  });
  const ordered = strategy === "ordered" ? usable : inOrder(usable, request.stickyKey, random);
  return ordered.map(({ target }) => target);
}

function createGates(routing: Config["routing"]) {
  const loads = new Map<string, ProviderLoad>();
  const gates: { provider: string; gate: TargetGate }[] = [];
  return {
    open: ({ name, maxConcurrent }: Upstream, hasOthers: boolean): TargetGate => {
      const load = loads.get(name) ?? { inFlight: 0, maxConcurrent };
      loads.set(name, load);
      const { breakerFailures: failures, breakerOpenMs: openMs } = routing;
      const gate = new TargetGate({ name, load, minds5xx: hasOthers, failures, openMs });
      gates.push({ provider: name, gate });
      return gate;
    },
    notClosed: () => {
      const counts = new Map([...loads.keys()].map((name) => [name, 0]));
      for (const { provider, gate } of gates) {
        if (!gate.isClosed) counts.set(provider, (counts.get(provider) ?? 0) + 1);
      }
      return counts;
    },
    inFlight: () => new Map([...loads].map(([name, load]) => [name, load.inFlight])),
  };
}
