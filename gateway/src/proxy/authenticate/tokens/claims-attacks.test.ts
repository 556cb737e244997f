/** Attacks on what a well-signed token claims: audience, issuer, times, and whom it names. */
import { expect, test } from "vitest";
import { newKey } from "../../../identity/testing/sign-token.ts";
import { directory, snapshotOf, startTokens } from "./testing/token-fixture.ts";

test.each([
  ["another audience", { aud: "other" }],
  ["a longer audience", { aud: "weir.example" }],
  ["an audience in other letters", { aud: "WEIR" }],
  ["other audiences", { aud: ["a", "b"] }],
  ["no audience", { aud: undefined }],
  ["an empty list of audiences", { aud: [] }],
  ["an audience that is no text", { aud: { weir: true } }],
])("attack: a token for %s is refused", async (_what, claims) => {
  const { issuer, key, judge } = await startTokens();
  expect(judge(issuer.sign(key, claims))).toBe("WEIR_TOKEN_INVALID");
});

test("a token for several audiences of which we are one is accepted", async () => {
  const { issuer, key, judge } = await startTokens();
  expect(judge(issuer.sign(key, { aud: ["other", "weir"] }))).toMatchObject({ id: "ada" });
});

test("attack: a token of another issuer, or of two, is refused though the key is right", async () => {
  const { issuer, key, judge } = await startTokens();
  for (const iss of ["https://evil.example", `${issuer.url}/`, "", [issuer.url], undefined])
    expect(judge(issuer.sign(key, { iss }))).toBe("WEIR_TOKEN_INVALID");
});

test("attack: an expired token is refused, within its tolerance not, and cached no longer", async () => {
  const { issuer, key, clock, judge, message } = await startTokens();
  const token = issuer.sign(key);
  expect(judge(token)).toMatchObject({ id: "ada" });
  clock.nowMs += 300_000 + 29_999;
  expect(judge(token)).toMatchObject({ id: "ada" });
  clock.nowMs += 1;
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
  expect(message(token)).toMatch(/has expired. Get a new one/);
});

test.each([
  ["nbf", 31, "WEIR_TOKEN_INVALID"],
  ["nbf", 30, "ada"],
  ["iat", 31, "WEIR_TOKEN_INVALID"],
  ["iat", 30, "ada"],
])("attack: a token whose %s is %i s ahead: %s", async (claim, seconds, expected) => {
  const { issuer, key, clock, judge } = await startTokens();
  const found = judge(issuer.sign(key, { [claim]: clock.nowMs / 1000 + seconds }));
  expect(typeof found === "string" ? found : found.id).toBe(expected);
});

test.each([
  ["no exp", { exp: undefined }],
  ["an exp as text", { exp: "9999999999" }],
  ["a negative exp", { exp: -1 }],
  ["an nbf as text", { nbf: "0" }],
  ["an iat that is nothing", { iat: null }],
  ["an iat as a list", { iat: [0] }],
])("attack: %s is refused", async (_what, claims) => {
  const { issuer, key, judge } = await startTokens();
  expect(judge(issuer.sign(key, claims))).toBe("WEIR_TOKEN_INVALID");
});

test("attack: a token that says it lives for years is good for maxTokenAgeSeconds", async () => {
  const { issuer, key, clock, judge } = await startTokens({ maxTokenAgeSeconds: 600 });
  const token = issuer.sign(key, { exp: clock.nowMs / 1000 + 1e9 });
  expect(judge(token)).toMatchObject({ id: "ada" });
  clock.nowMs += 631_000;
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
  const ageless = { iat: undefined, exp: clock.nowMs / 1000 + 601 };
  expect(judge(issuer.sign(key, ageless))).toBe("WEIR_TOKEN_INVALID");
});

test.each([
  ["nobody", { sub: undefined }, "WEIR_TOKEN_INVALID"],
  ["an empty name", { sub: "" }, "WEIR_TOKEN_INVALID"],
  ["a list", { sub: ["ada"] }, "WEIR_TOKEN_INVALID"],
  ["somebody unknown", { sub: "eve" }, "WEIR_TOKEN_PERSON_UNKNOWN"],
  ["somebody in other letters", { sub: "Ada" }, "WEIR_TOKEN_PERSON_UNKNOWN"],
  ["a member of every object", { sub: "constructor" }, "WEIR_TOKEN_PERSON_UNKNOWN"],
])("attack: a good token that names %s is refused", async (_what, claims, code) => {
  const { issuer, key, judge } = await startTokens();
  expect(judge(issuer.sign(key, claims))).toBe(code);
});

test("attack: team, roles and the like in a token change nothing unless configured", async () => {
  const plain = await startTokens();
  const claims = { team: "red", teamId: "red", roles: ["admin"], costCenter: "x", agentId: "a" };
  expect(plain.judge(plain.issuer.sign(plain.key, claims))).toEqual({
    id: "ada",
    kind: "person",
    teamId: "blue",
    costCenter: "cc-1",
    roles: ["employee"],
    keyId: "token:corp:ada",
    assurance: "token",
  });
});

test("a configured team claim moves the call to that team, if there is one", async () => {
  const { issuer, key, judge } = await startTokens({ teamClaim: "team" });
  expect(judge(issuer.sign(key, { team: "red" }))).toMatchObject({
    teamId: "red",
    costCenter: "cc-2",
  });
  expect(judge(issuer.sign(key, {}))).toMatchObject({ teamId: "blue" });
  expect(judge(issuer.sign(key, { team: "nowhere" }))).toBe("WEIR_TOKEN_TEAM_UNKNOWN");
  expect(judge(issuer.sign(key, { team: ["red"] }))).toBe("WEIR_TOKEN_INVALID");
});

test("attack: an e-mail address that nobody has verified is nobody", async () => {
  const { issuer, key, judge } = await startTokens({ personClaim: "email" });
  const claims = { email: "ada", email_verified: false };
  expect(judge(issuer.sign(key, claims))).toBe("WEIR_TOKEN_INVALID");
});

test("a configured service is itself, with its own team and narrower than it", async () => {
  const service = {
    id: "nightly",
    team: "red",
    issuer: "corp",
    subject: "client-4711",
    models: ["sim-*"],
  };
  const { issuer, key, judge } = await startTokens({}, [service]);
  expect(judge(issuer.sign(key, { sub: "client-4711" }))).toMatchObject({
    id: "nightly",
    kind: "service",
    teamId: "red",
    costCenter: "cc-2",
    roles: [],
  });
});

test("a removed person's token stops with the snapshot that no longer has them, cached or not", async () => {
  const { issuer, key, judge, checks } = await startTokens();
  const token = issuer.sign(key);
  const gone = snapshotOf({ ...directory, people: new Map() });
  const moved = snapshotOf({
    ...directory,
    people: new Map([["ada", { teamId: "red", roles: [] }]]),
  });
  expect(judge(token)).toMatchObject({ teamId: "blue" });
  expect(judge(token, moved)).toMatchObject({ teamId: "red", roles: [] });
  expect(judge(token, gone)).toBe("WEIR_TOKEN_PERSON_UNKNOWN");
  expect(judge(token)).toMatchObject({ teamId: "blue" });
  expect(checks.filter((each) => each === "verified")).toHaveLength(1);
});

test("attack: tokens of nobody and forged ones push no verified token out of memory", async () => {
  const { issuer, key, judge, checks } = await startTokens();
  const token = issuer.sign(key);
  judge(token);
  for (let index = 0; index < 50; index += 1) {
    judge(issuer.sign(key, { sub: `eve-${index}` }));
    judge(issuer.sign(newKey("k1"), { jti: String(index) }));
  }
  judge(token);
  expect(checks.at(-1)).toBe("cached");
});
