import { matchesPattern } from "../../contracts/pattern.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { SnapshotStop } from "../../contracts/stop.ts";

/** Somebody who acts, or has handed on what they may do to the one who acts. */
export interface Actor {
  /** `ada/triage`, or a service's id. */
  readonly sub: string;
  /** Line of the key that they showed. */
  readonly key?: string;
}

/** Whom a stop may be meant for; all but the session's name is verified. */
export interface StopSubject {
  readonly principal: Principal;
  readonly sessionId: string;
  /** Of a token of Weir's own: the whole chain. Left out = the principal alone. */
  readonly actors?: readonly Actor[];
}

/** A tool as stops name it. */
export interface StoppableTool {
  /** Empty for a tool that the client runs itself. */
  readonly server: string;
  readonly name: string;
}

/** The stops in force, made ready for the hot path: what nobody has stopped costs next to nothing. */
export class StopBook {
  readonly stops: readonly SnapshotStop[];
  readonly #all: SnapshotStop | null;
  readonly #people: ReadonlyMap<string, readonly SnapshotStop[]>;
  readonly #agents: ReadonlyMap<string, readonly SnapshotStop[]>;
  readonly #keys: ReadonlyMap<string, readonly SnapshotStop[]>;
  readonly #sessions: ReadonlyMap<string, readonly SnapshotStop[]>;
  readonly #tools: readonly SnapshotStop[];

  constructor(stops: readonly SnapshotStop[]) {
    this.stops = stops;
    this.#all = stops.find(({ kind }) => kind === "all") ?? null;
    this.#people = byTarget(stops, "person");
    this.#agents = byTarget(stops, "agent");
    this.#keys = byTarget(stops, "key");
    this.#sessions = byTarget(stops, "session");
    this.#tools = stops.filter(({ kind }) => kind === "tool");
  }

  get isEmpty(): boolean {
    return this.stops.length === 0;
  }

  /** The stop that this caller falls under whatever they ask for, or null. */
  find(subject: StopSubject): SnapshotStop | null {
    if (this.isEmpty) return null;
    if (this.#all !== null) return this.#all;
    const { principal, sessionId } = subject;
    const actors = actorsOf(subject);
    return (
      held(this.#people, peopleBehind(principal, actors), subject) ??
      held(this.#agents, namesOf(actors), subject) ??
      held(this.#keys, keysOf(principal, actors), subject) ??
      (sessionId === "" ? null : held(this.#sessions, [sessionId], subject))
    );
  }

  /** The stop that a tool falls under for this caller, or null. */
  findTool(subject: StopSubject, { server, name }: StoppableTool): SnapshotStop | null {
    if (this.#tools.length === 0) return null;
    const named = server === "" ? [name] : [name, `${server}/${name}`];
    const isMeant = (stop: SnapshotStop) =>
      named.some((each) => matchesPattern(stop.target, each)) && belongs(stop, subject);
    return this.#tools.find(isMeant) ?? null;
  }
}

/** Pure: the one answer to whether a tool call may still be made, wherever it was seen. */
export function stopOfToolCall(
  book: StopBook,
  subject: StopSubject,
  tool: StoppableTool,
): SnapshotStop | null {
  return book.find(subject) ?? book.findTool(subject, tool);
}

function byTarget(stops: readonly SnapshotStop[], kind: SnapshotStop["kind"]) {
  const found = new Map<string, SnapshotStop[]>();
  for (const stop of stops) {
    if (stop.kind !== kind) continue;
    const before = found.get(stop.target);
    if (before === undefined) found.set(stop.target, [stop]);
    else before.push(stop);
  }
  return found;
}

function held(
  stops: ReadonlyMap<string, readonly SnapshotStop[]>,
  names: readonly string[],
  subject: StopSubject,
): SnapshotStop | null {
  if (stops.size === 0) return null;
  for (const name of names) {
    const found = stops.get(name)?.find((stop) => belongs(stop, subject));
    if (found !== undefined) return found;
  }
  return null;
}

/** What somebody stops of their own is nobody else's of that name. */
function belongs({ ownerId }: SnapshotStop, subject: StopSubject): boolean {
  if (ownerId === undefined) return true;
  return peopleBehind(subject.principal, actorsOf(subject)).includes(ownerId);
}

function actorsOf({ principal, actors }: StopSubject): readonly Actor[] {
  if (actors !== undefined) return actors;
  const { id, kind, onBehalfOf, agentId } = principal;
  if (agentId !== undefined) {
    // An agent of somebody else's says whose it is by itself.
    return [
      {
        sub:
          onBehalfOf === undefined || agentId.includes("/") ? agentId : `${onBehalfOf}/${agentId}`,
      },
    ];
  }
  return kind === "service" ? [{ sub: id }] : [];
}

/** Everybody whose doing it is: the caller, in whose name, and whose agents have a part in it. */
function peopleBehind({ id, onBehalfOf }: Principal, actors: readonly Actor[]): string[] {
  const owners = actors.map(({ sub }) => sub.split("/", 1)[0] ?? "");
  return [id, ...(onBehalfOf === undefined ? [] : [onBehalfOf]), ...owners];
}

function namesOf(actors: readonly Actor[]): string[] {
  return actors.flatMap(({ sub }) => {
    const at = sub.indexOf("/");
    return at === -1 ? [sub] : [sub, sub.slice(at + 1)];
  });
}

function keysOf({ keyId }: Principal, actors: readonly Actor[]): string[] {
  return [keyId, ...actors.flatMap(({ key }) => (key === undefined ? [] : [key]))];
}
