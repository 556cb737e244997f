import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OwnStops, StopView } from "../../contracts/api/stops.ts";
import { createKey } from "../keys/create.ts";
import { rotateKey } from "../keys/rotate.ts";
import {
  type ControlFixture,
  controlToken,
  createControlFixture,
} from "../testing/control-fixture.ts";
import { liftStop } from "./lift-stop.ts";
import { setStop } from "./set-stop.ts";

let fixture: ControlFixture;
beforeEach(async () => {
  fixture = await createControlFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const reason = "a loop";
const post = async (personId: string, url: string, payload: object) =>
  fixture.app.inject({ method: "POST", url, payload, headers: await fixture.signIn(personId) });
const own = async (personId: string): Promise<OwnStops> =>
  (
    await fixture.app.inject({
      method: "GET",
      url: "/api/me/stops",
      headers: await fixture.signIn(personId),
    })
  ).json();
const published = () => fixture.publisher.current?.snapshot.stops ?? [];

describe("a stop", () => {
  test("is in the snapshot when the answer is out, leaves it when it is lifted, and stays as a fact", async () => {
    const set = await post("ada", "/api/stops", { kind: "person", target: "bob", reason });
    expect(set.statusCode).toBe(201);
    const { id }: StopView = set.json();
    expect(published()).toEqual([
      { id, kind: "person", target: "bob", reason, setAtMs: fixture.clock.nowMs },
    ]);
    const version = fixture.publisher.current?.snapshot.version;
    expect((await post("ada", `/api/stops/${id}/lift`, { reason: "over" })).statusCode).toBe(204);
    expect(published()).toEqual([]);
    expect(fixture.publisher.current?.snapshot.version).not.toBe(version);
    const again = await post("ada", `/api/stops/${id}/lift`, { reason: "over" });
    expect([again.statusCode, again.json().code]).toEqual([409, "WEIR_STOP_LIFTED"]);
    const shown = await post("ada", "/api/stops/show", { purpose: "audit", withLifted: true });
    expect(shown.json()).toMatchObject({
      stops: [{ id, setBy: "person:ada", liftedBy: "person:ada", liftReason: "over" }],
    });
    const log = await fixture.store.selectFrom("adminLog").select(["action", "actor"]).execute();
    expect(log.filter(({ action }) => action.startsWith("stop."))).toEqual([
      { action: "stop.set", actor: "person:ada" },
      { action: "stop.lift", actor: "person:ada" },
    ]);
  });

  test("of a key holds for every secret of its line", async () => {
    const { record } = await createKey(fixture.context, { name: "ci", personId: "bob" });
    const rotated = await rotateKey(fixture.context, { keyId: record.id, overlapMs: 60_000 });
    const stop = await setStop(fixture.context, { kind: "key", target: rotated.record.id, reason });
    expect(stop.target).toBe(record.lineageId);
  });

  test.each([
    ["person", "nobody", 404],
    ["key", "nothing", 404],
    ["all", "ada", 400],
    ["agent", "a b", 400],
    ["tool", "", 400],
    ["session", "line\nbreak", 400],
  ])("of the %s %j is refused: whoever mistypes is told", async (kind, target, status) => {
    const answer = await post("ada", "/api/stops", { kind, target, reason });
    expect(answer.statusCode).toBe(status);
    expect(published()).toEqual([]);
  });

  test("needs a reason that says something", async () => {
    for (const blank of ["", "  \t"])
      expect(
        (await post("ada", "/api/stops", { kind: "all", target: "", reason: blank })).statusCode,
      ).toBe(400);
  });

  test("two that lift at once are one lift", async () => {
    const { id } = await setStop(fixture.context, { kind: "all", target: "", reason });
    const lifts = await Promise.allSettled(
      [1, 2].map(() => liftStop(fixture.context, { stopId: id, reason })),
    );
    expect(lifts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("people and what is their own", () => {
  test("stop their agents and keys, and lift that again", async () => {
    const set = await post("bob", "/api/me/stops", { kind: "agent", target: "bob/triage", reason });
    const stop: StopView = set.json();
    expect(stop).toMatchObject({ target: "triage", ownerId: "bob", setBy: "person:bob" });
    expect((await own("bob")).stops).toMatchObject([{ id: stop.id, mayLift: true }]);
    expect((await own("ada")).stops).toEqual([]);
    expect((await post("bob", `/api/me/stops/${stop.id}/lift`, { reason })).statusCode).toBe(200);
  });

  test("cannot stop another's key, nor a person, a tool or everything", async () => {
    const { record } = await createKey(fixture.context, { name: "ci", personId: "ada" });
    const key = { kind: "key", target: record.id, reason };
    expect((await post("bob", "/api/me/stops", key)).statusCode).toBe(404);
    for (const kind of ["person", "tool", "all"])
      expect((await post("bob", "/api/me/stops", { kind, target: "x", reason })).statusCode).toBe(
        400,
      );
    expect((await post("bob", "/api/stops", { ...key, kind: "agent" })).statusCode).toBe(403);
    expect(published()).toEqual([]);
  });

  test("cannot lift what somebody else stopped, though they see it and why, but not by whom", async () => {
    const { id } = await setStop(
      { ...fixture.context, actor: "person:ada" },
      { kind: "person", target: "bob", reason },
    );
    expect((await own("bob")).stops).toMatchObject([{ id, reason, setBy: "", mayLift: false }]);
    expect((await post("bob", `/api/me/stops/${id}/lift`, { reason })).statusCode).toBe(404);
    expect((await post("bob", `/api/stops/${id}/lift`, { reason })).statusCode).toBe(403);
  });

  test("are told of a session of theirs that Weir paused, once however often it is said, and let it go on", async () => {
    const pause = { kind: "session", target: "s-1", ownerId: "bob", reason };
    const headers = { authorization: `Bearer ${controlToken}` };
    const url = "/internal/stops/pauses";
    const ids = [];
    for (let times = 0; times < 3; times += 1) {
      const kept = await fixture.app.inject({ method: "POST", url, payload: pause, headers });
      expect(kept.statusCode).toBe(201);
      ids.push(kept.json().id);
    }
    expect(new Set(ids).size).toBe(1);
    expect((await own("bob")).stops).toMatchObject([{ id: ids[0], setBy: "weir", mayLift: true }]);
    expect((await post("bob", `/api/me/stops/${ids[0]}/lift`, { reason })).statusCode).toBe(200);
    expect(published()).toEqual([]);
  });
});
