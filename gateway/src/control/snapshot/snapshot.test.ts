import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { Snapshot } from "../../contracts/snapshot.ts";
import { keyHash } from "../../identity/virtual-key.ts";
import { planDirectory } from "../directory/plan.ts";
import { syncDirectory } from "../directory/sync.ts";
import { createKey } from "../keys/create.ts";
import { revokeKey } from "../keys/revoke.ts";
import { openStore } from "../store/open-store.ts";
import { controlToken, createControlFixture, plan } from "../testing/control-fixture.ts";
import { buildSnapshot } from "./build.ts";
import { readSnapshotSource } from "./read-source.ts";

const headers = { host: "127.0.0.1:7778", authorization: `Bearer ${controlToken}` };
const policy = { revision: "r1", wasm: "AGFzbQ==", entrypoints: ["weir/llm_call"] };

describe("what a snapshot says", () => {
  test("a person's key is the person; an agent's key acts on the person's behalf", async () => {
    await using fixture = await createControlFixture();
    const own = await createKey(fixture.context, { name: "own", personId: "bob" });
    const agent = await createKey(fixture.context, {
      name: "agent",
      personId: "bob",
      agentId: "triage",
      expiresAtMs: fixture.clock.nowMs + 1000,
    });
    await fixture.publisher.refresh();
    const keys = fixture.publisher.current?.snapshot.keys ?? [];
    const common = {
      teamId: "beta",
      costCenter: "cc-2",
      roles: ["employee"],
      assurance: "api_key",
    };
    expect(keys.find((key) => key.keyHash === keyHash(own.key))).toEqual({
      keyHash: keyHash(own.key),
      principal: { id: "bob", kind: "person", keyId: own.record.id, ...common },
      expiresAtMs: null,
      secretId: own.record.id,
    });
    expect(keys.find((key) => key.keyHash === keyHash(agent.key))).toEqual({
      keyHash: keyHash(agent.key),
      principal: {
        id: "triage",
        kind: "agent",
        onBehalfOf: "bob",
        agentId: "triage",
        keyId: agent.record.id,
        ...common,
      },
      expiresAtMs: fixture.clock.nowMs + 1000,
      secretId: agent.record.id,
    });
  });

  test("revoked and expired keys and those of people who are gone are not in it", async () => {
    await using fixture = await createControlFixture();
    const { context, clock, publisher } = fixture;
    const revoked = await createKey(context, { name: "revoked", personId: "ada" });
    await revokeKey(context, { keyId: revoked.record.id });
    await createKey(context, { name: "short", personId: "ada", expiresAtMs: clock.nowMs + 10 });
    await createKey(context, { name: "of bob", personId: "bob" });
    clock.nowMs += 10;
    const withoutBob = plan.people.filter((person) => person.id !== "bob");
    await syncDirectory(context, { ...plan, people: withoutBob });
    await publisher.refresh();
    expect(publisher.current?.snapshot.keys).toEqual([]);
    await syncDirectory(context, plan);
    await publisher.refresh();
    expect(publisher.current?.snapshot.keys).toHaveLength(1);
  });

  test("a key with soft denials says so; the others say nothing of it", async () => {
    await using fixture = await createControlFixture();
    const input = { name: "k", personId: "bob" };
    const soft = await createKey(fixture.context, { ...input, denialStyle: "soft" });
    const plain = await createKey(fixture.context, { ...input, denialStyle: "error" });
    await fixture.publisher.refresh();
    const snapshot = fixture.publisher.current?.snapshot;
    const styles = new Map(snapshot?.keys.map((key) => [key.keyHash, key.denialStyle]));
    expect(styles.get(keyHash(soft.key))).toBe("soft");
    expect(styles.get(keyHash(plain.key))).toBeUndefined();
    expect(Value.Check(Snapshot, snapshot)).toBe(true);
  });

  test("what a team may use unmetered comes from weir.yaml, and a change of it is published", async () => {
    await using fixture = await createControlFixture();
    const team = {
      id: "alpha",
      costCenter: "",
      models: ["*"],
      tools: ["*"],
      unmeteredOperations: ["batches.*", "passthrough"],
    };
    const person = { id: "ada", name: "", team: "alpha", roles: ["employee" as const] };
    await syncDirectory(fixture.context, planDirectory({ teams: [team], people: [person] }, "Kim"));
    const { teams } = await readSnapshotSource(fixture.store, fixture.clock.nowMs);
    expect(buildSnapshot({ keys: [], teams, policy }, 1).policy?.data.teams).toEqual({
      alpha: {
        models: ["*"],
        tools: ["*"],
        unmeteredOperations: ["batches.*", "passthrough"],
      },
    });
    const [entry] = await fixture.store
      .selectFrom("adminLog")
      .selectAll()
      .where("action", "=", "team.update")
      .execute();
    expect(entry?.after).toContain("passthrough");
  });

  test("the policy's data are the teams; without a policy there is none at all", () => {
    const teams = plan.teams;
    const without = buildSnapshot({ keys: [], teams, policy: null }, 1);
    expect(without.policy).toBeNull();
    const built = buildSnapshot({ keys: [], teams, policy }, 1);
    expect(built.policy?.data).toEqual({
      teams: {
        alpha: { models: ["*"], tools: ["*"], unmeteredOperations: ["files.*"] },
        beta: { models: ["sim-*"], tools: [], unmeteredOperations: [], maxTokens: 1000 },
      },
    });
    expect(Value.Check(Snapshot, built)).toBe(true);
  });

  test("the version depends on the content alone: not on time, nor on the order of rows", () => {
    const { teams } = plan;
    const first = buildSnapshot({ keys: [], teams, policy }, 1);
    const later = buildSnapshot({ keys: [], teams: teams.toReversed(), policy }, 2);
    expect(later.version).toBe(first.version);
    const other = buildSnapshot({ keys: [], teams: teams.slice(1), policy }, 1);
    expect(other.version).not.toBe(first.version);
  });
});

describe("GET /internal/snapshot", () => {
  test("answers at once, with the version as ETag, to a proxy that has none", async () => {
    await using fixture = await createControlFixture();
    const answer = await fixture.app.inject({ url: "/internal/snapshot?wait=25", headers });
    expect(answer.statusCode).toBe(200);
    const snapshot = Value.Parse(Snapshot, answer.json());
    expect(answer.headers.etag).toBe(`"${snapshot.version}"`);
  });

  test.each(["plain", "quoted", "weak"])("304 to a proxy that is up to date (%s)", async (form) => {
    await using fixture = await createControlFixture();
    const version = fixture.publisher.current?.snapshot.version ?? "";
    const tag = { plain: version, quoted: `"${version}"`, weak: `W/"${version}"` }[form] ?? "";
    const answer = await fixture.app.inject({
      url: "/internal/snapshot",
      headers: { ...headers, "if-none-match": tag },
    });
    expect(answer.statusCode).toBe(304);
    expect(answer.body).toBe("");
  });

  test("a waiting proxy is answered as soon as another process has made a key", async () => {
    await using fixture = await createControlFixture();
    fixture.publisher.startPolling(10);
    const version = fixture.publisher.current?.snapshot.version ?? "";
    const waiting = fixture.app.inject({
      url: "/internal/snapshot?wait=25",
      headers: { ...headers, "if-none-match": version },
    });
    const other = await openStore(fixture.target);
    const { key } = await createKey(
      { ...fixture.context, store: other },
      { name: "from the command line", personId: "bob" },
    );
    await other.destroy();
    const answer = await waiting;
    expect(answer.statusCode).toBe(200);
    expect(Value.Parse(Snapshot, answer.json()).keys[0]?.keyHash).toBe(keyHash(key));
  });

  test("shutting down lets waiting proxies go at once", async () => {
    await using fixture = await createControlFixture();
    const version = fixture.publisher.current?.snapshot.version ?? "";
    const waiting = fixture.app.inject({
      url: "/internal/snapshot?wait=25",
      headers: { ...headers, "if-none-match": version },
    });
    await fixture.app.inject({ url: "/livez", headers });
    await fixture.publisher.stop();
    expect((await waiting).statusCode).toBe(304);
  });
});

describe("the directory", () => {
  test("with nobody in the configuration there is one owner who may use every model and tool", () => {
    expect(planDirectory({ teams: [], people: [] }, "Kim")).toEqual({
      teams: [
        {
          id: "default",
          costCenter: "",
          models: ["*"],
          tools: ["*"],
          unmeteredOperations: [],
          maxTokens: null,
        },
      ],
      people: [{ id: "owner", name: "Kim", teamId: "default", roles: ["employee", "admin"] }],
      ownerId: "owner",
    });
  });

  test("the owner is the first admin of the configuration", () => {
    const person = (id: string, roles: ("employee" | "admin")[]) => ({
      id,
      name: "",
      team: "alpha",
      roles,
    });
    const people = [person("bob", ["employee"]), person("ada", ["employee", "admin"])];
    expect(planDirectory({ teams: [], people }, "Kim").ownerId).toBe("ada");
    expect(planDirectory({ teams: [], people: people.slice(0, 1) }, "Kim").ownerId).toBe("bob");
  });

  test("an unchanged configuration changes nothing: no log entry, no new snapshot", async () => {
    await using fixture = await createControlFixture();
    const log = () => fixture.store.selectFrom("adminLog").selectAll().execute();
    const before = await log();
    await syncDirectory(fixture.context, plan);
    expect(await log()).toEqual(before);
  });

  test("a person of an unknown team is refused, and nothing is changed", async () => {
    await using fixture = await createControlFixture();
    const people = [{ id: "eve", name: "Eve", teamId: "gamma", roles: ["employee"] }];
    const syncing = syncDirectory(fixture.context, { ...plan, people });
    await expect(syncing).rejects.toMatchObject({ code: "WEIR_TEAM_NOT_FOUND" });
    const stored = await fixture.store.selectFrom("people").select("id").execute();
    expect(stored.map((row) => row.id).toSorted()).toEqual(["ada", "bob"]);
  });

  test("somebody who is taken out of the configuration is signed out at once", async () => {
    await using fixture = await createControlFixture();
    const bob = await fixture.signIn("bob");
    const withoutBob = plan.people.filter((person) => person.id !== "bob");
    await syncDirectory(fixture.context, { ...plan, people: withoutBob });
    const answer = await fixture.app.inject({ url: "/api/me", headers: bob });
    expect(answer.statusCode).toBe(401);
  });
});
