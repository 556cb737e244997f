/**
 * What it costs to find out who calls, by kind of credential: microseconds a call, in one thread,
 * without sockets. And whether the time of a look-up tells how much of a key was guessed.
 */
import { emptySnapshot } from "../../gateway/src/proxy/snapshot/active-snapshot.ts";
import { randomBytes } from "node:crypto";
import { readKeySet } from "../../gateway/src/proxy/authenticate/tokens/key-set.ts";
import { TokenAuthority } from "../../gateway/src/proxy/authenticate/tokens/token-authority.ts";
import { newKey, signToken } from "../../gateway/src/identity/testing/sign-token.ts";
import { authenticate } from "../../gateway/src/proxy/authenticate/authenticate.ts";
import { activateDelegation } from "../../gateway/src/proxy/snapshot/activate-delegation.ts";
import { formatVirtualKey, keyHash } from "../../gateway/src/identity/virtual-key.ts";

const KEYS = 10_000;
const TOKENS = 300;
const ROUNDS = 5;
const iss = "https://issuer.example";
const nowMs = Date.now();

const principal = {
  id: "ada",
  kind: "person" as const,
  teamId: "blue",
  costCenter: "",
  roles: ["employee"],
  keyId: "k",
  assurance: "api_key" as const,
};
const keys = Array.from({ length: KEYS }, () => formatVirtualKey(randomBytes(32)));
const snapshot = {
  ...emptySnapshot,
  version: "1",
  keys: new Map(
    keys.map((key) => [
      keyHash(key),
      { keyHash: keyHash(key), principal, expiresAtMs: null, secretId: "s" },
    ]),
  ),
  directory: {
    people: new Map([["ada", { teamId: "blue", roles: ["employee"] }]]),
    costCenters: new Map([["blue", ""]]),
  },
};

type Algorithm = "RS256" | "ES256" | "EdDSA";

function authorityFor(algorithm: Algorithm) {
  const key = newKey("k1", algorithm);
  const config = {
    name: "corp",
    issuer: iss,
    audience: "weir",
    algorithms: [algorithm],
    personClaim: "sub",
    clockToleranceSeconds: 30,
    maxTokenAgeSeconds: 86_400,
    refreshSeconds: 300,
    keysExpireSeconds: 3_600,
  };
  const set = readKeySet({ keys: [key.jwk] }, config, new Map());
  const found = { find: (kid: string) => set.get(kid), areGood: true, refetch: () => null };
  const authority = new TokenAuthority({
    issuers: [{ config, keys: found }],
    services: new Map(),
    onCheck: () => {},
  });
  const iat = Math.floor(nowMs / 1000);
  const claims = (jti: string) => ({ iss, aud: "weir", sub: "ada", iat, exp: iat + 3_600, jti });
  return { authority, tokenOf: (jti: string) => signToken(key, claims(jti)) };
}

/** Tokens of Weir's own: an agent in a person's name. */
function delegated() {
  const key = newKey("own", "EdDSA");
  const x = String(key.jwk["x"]);
  const [issuer, resource] = ["https://weir.example", "https://gateway.example"];
  const delegation = activateDelegation({
    version: "1",
    publishedAtMs: 1,
    policy: null,
    keys: [],
    delegation: {
      issuer,
      resource,
      keys: [{ kty: "OKP", crv: "Ed25519", x, kid: "own", alg: "EdDSA", use: "sig" }],
      grants: [
        {
          id: "g",
          personId: "ada",
          teamId: "blue",
          costCenter: "",
          roles: [],
          agent: "nightly",
          scopes: ["llm:call"],
          maxHops: 0,
          fromMs: 0,
          untilMs: nowMs + 3_600_000,
        },
      ],
      services: ["nightly"],
    },
  });
  const iat = Math.floor(nowMs / 1000);
  const times = { iat, exp: iat + 600 };
  const act = { sub: "nightly" };
  const rest = { sub: "ada", client_id: "nightly", scope: "llm:call", grant: "g", act };
  const claims = (jti: string) => ({ iss: issuer, aud: resource, ...times, ...rest, jti });
  const tokenOf = (jti: string) => signToken(key, claims(jti), { typ: "at+jwt" });
  return { known: { ...snapshot, delegation }, tokenOf };
}

/** Microseconds each, of one pass. */
function timed(
  credentials: readonly string[],
  tokens: TokenAuthority | null,
  known: typeof emptySnapshot = snapshot,
): number {
  const callers = credentials.map((each) => ({
    headers: { authorization: `Bearer ${each}` },
    query: "",
  }));
  const authorities = { snapshot: known, tokens, certificates: null };
  const start = performance.now();
  for (const caller of callers) {
    if (!("principal" in authenticate(caller, authorities, nowMs))) throw new Error("not known");
  }
  return ((performance.now() - start) * 1000) / callers.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(what: string, values: readonly number[]): void {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  process.stdout.write(
    `${what.padEnd(34)} ${median(values).toFixed(2)} µs (${low.toFixed(2)}–${high.toFixed(2)})\n`,
  );
}

timed(keys, null);
print(
  "key",
  Array.from({ length: ROUNDS }, () => timed(keys, null)),
);
for (const algorithm of ["RS256", "ES256", "EdDSA"] as const) {
  const first: number[] = [];
  const cached: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { authority, tokenOf } = authorityFor(algorithm);
    const tokens = Array.from({ length: TOKENS }, (_, index) => tokenOf(`${round}-${index}`));
    first.push(timed(tokens, authority));
    cached.push(timed(tokens, authority));
  }
  print(`token, ${algorithm}, first time`, first.slice(1));
  print(`token, ${algorithm}, cached`, cached.slice(1));
}
const ofWeir: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  const { known, tokenOf } = delegated();
  const tokens = Array.from({ length: TOKENS }, (_, index) => tokenOf(`${round}-${index}`));
  for (const values of ofWeir) values.push(timed(tokens, null, known));
}
print("token of Weir's own, first time", ofWeir[0].slice(1));
print("token of Weir's own, cached", ofWeir[1].slice(1));
timing();

/**
 * Two kinds of wrong key, interleaved: one that shares all but its last digits with a live one,
 * one that shares nothing. Welch's t says whether their times differ; below 4.5 they do not.
 */
function timing(): void {
  const samples = 60_000;
  const near: number[] = [];
  const far: number[] = [];
  const [live = ""] = keys;
  const stranger = formatVirtualKey(randomBytes(32));
  for (let index = 0; index < samples; index += 1) {
    const isNear = Math.random() < 0.5;
    // Flat, so that neither has to be put together while its hash is timed.
    const tail = String(index).padStart(14, "0");
    const guess = Buffer.from((isNear ? live : stranger).slice(0, 40) + tail).toString("latin1");
    const start = process.hrtime.bigint();
    snapshot.keys.get(keyHash(guess));
    (isNear ? near : far).push(Number(process.hrtime.bigint() - start));
  }
  const t = welch(trimmed(near), trimmed(far));
  process.stdout.write(
    `look-up of a near and a far guess   t = ${t.toFixed(2)} over ${samples} guesses (|t| < 4.5: no difference seen)\n`,
  );
}

/** Without the slowest hundredth, in which other processes show. */
function trimmed(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b).slice(0, Math.floor(values.length * 0.99));
}

function welch(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const error = (values: readonly number[]) => {
    const middle = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    return squares / (values.length - 1) / values.length;
  };
  return (mean(left) - mean(right)) / Math.sqrt(error(left) + error(right));
}
