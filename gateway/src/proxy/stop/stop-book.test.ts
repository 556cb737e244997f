import { describe, expect, test } from "vitest";
import type { Principal } from "../../contracts/principal.ts";
import type { SnapshotStop } from "../../contracts/stop.ts";
import { StopBook, type StopSubject, stopOfToolCall } from "./stop-book.ts";

const common: Pick<Principal, "teamId" | "costCenter" | "roles" | "assurance"> = {
  teamId: "t",
  costCenter: "c",
  roles: [],
  assurance: "api_key",
};
const ada: Principal = { id: "ada", kind: "person", keyId: "key-a", ...common };
const adasTriage: Principal = {
  id: "triage",
  kind: "agent",
  onBehalfOf: "ada",
  agentId: "triage",
  keyId: "key-t",
  ...common,
};
const bobsForAda: Principal = {
  ...adasTriage,
  id: "bob/fix",
  agentId: "bob/fix",
  keyId: "grant:1",
};
const service: Principal = { id: "ci", kind: "service", keyId: "token:idp:ci", ...common };
const bob: Principal = { ...ada, id: "bob", keyId: "key-b" };

const stop = (kind: SnapshotStop["kind"], target: string, ownerId?: string): SnapshotStop => ({
  id: "s",
  kind,
  target,
  reason: "a loop",
  setAtMs: 1,
  ...(ownerId !== undefined && { ownerId }),
});
const of = (principal: Principal, more: Partial<StopSubject> = {}): StopSubject => ({
  principal,
  sessionId: "",
  ...more,
});
const isStopped = (each: SnapshotStop, subject: StopSubject) =>
  new StopBook([each]).find(subject) !== null;

describe("a stop", () => {
  test("of a person stops their calls, their agents, and whoever acts in their name, and nobody else", () => {
    const each = stop("person", "ada");
    expect([ada, adasTriage, bobsForAda].map((who) => isStopped(each, of(who)))).toEqual([
      true,
      true,
      true,
    ]);
    expect([bob, service].map((who) => isStopped(each, of(who)))).toEqual([false, false]);
  });

  test("of a person stops their agent in somebody else's name too", () => {
    expect(isStopped(stop("person", "bob"), of(bobsForAda))).toBe(true);
  });

  test("of an agent is for that owner's when it says whose, and for all of that name otherwise", () => {
    expect(isStopped(stop("agent", "ada/triage"), of(adasTriage))).toBe(true);
    expect(isStopped(stop("agent", "bob/triage"), of(adasTriage))).toBe(false);
    expect(isStopped(stop("agent", "triage"), of(adasTriage))).toBe(true);
    expect(isStopped(stop("agent", "fix"), of(bobsForAda))).toBe(true);
    expect(isStopped(stop("agent", "ci"), of(service))).toBe(true);
    expect(isStopped(stop("agent", "ada"), of(ada))).toBe(false);
  });

  test("of an agent or a key stops those to whom it has handed on what it may do", () => {
    const actors = [{ sub: "ci" }, { sub: "bob/fix", key: "key-f" }];
    const subject = of({ ...bobsForAda, id: "ci", agentId: "ci" }, { actors });
    for (const each of [
      stop("agent", "bob/fix"),
      stop("agent", "ci"),
      stop("key", "key-f"),
      stop("key", "grant:1"),
      stop("person", "bob"),
    ])
      expect([each.target, isStopped(each, subject)]).toEqual([each.target, true]);
  });

  test("of a session that one person sets is nobody else's, whatever their clients call it", () => {
    const each = stop("session", "s-1", "ada");
    expect(isStopped(each, of(ada, { sessionId: "s-1" }))).toBe(true);
    expect(isStopped(each, of(adasTriage, { sessionId: "s-1" }))).toBe(true);
    expect(isStopped(each, of(bob, { sessionId: "s-1" }))).toBe(false);
    expect(isStopped(each, of(ada, { sessionId: "s-2" }))).toBe(false);
    expect(isStopped(stop("session", "s-1"), of(bob, { sessionId: "s-1" }))).toBe(true);
  });

  test("of everything stops everything; of a tool only that tool, on its server or anywhere", () => {
    expect(isStopped(stop("all", ""), of(service))).toBe(true);
    const book = new StopBook([stop("tool", "mail/send_*")]);
    expect(book.find(of(ada))).toBeNull();
    expect(stopOfToolCall(book, of(ada), { server: "mail", name: "send_now" })).not.toBeNull();
    expect(stopOfToolCall(book, of(ada), { server: "", name: "send_now" })).toBeNull();
    const anywhere = new StopBook([stop("tool", "send_*")]);
    for (const server of ["", "mail"])
      expect(stopOfToolCall(anywhere, of(ada), { server, name: "send_now" })).not.toBeNull();
  });

  test("of an agent that its owner's colleague sets for themself leaves the owner's own calls alone", () => {
    const each = stop("agent", "bob/fix", "ada");
    expect(isStopped(each, of(bobsForAda))).toBe(true);
    expect(isStopped(each, of({ ...bobsForAda, onBehalfOf: "cleo" }))).toBe(false);
  });
});
