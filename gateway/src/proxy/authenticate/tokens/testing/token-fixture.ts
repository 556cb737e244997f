import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../../../../config/schema.ts";
import type { Principal } from "../../../../contracts/principal.ts";
import { Refusal } from "../../../refusal.ts";
import {
  type ActiveDirectory,
  type ActiveSnapshot,
  emptySnapshot,
} from "../../../snapshot/active-snapshot.ts";
import { openTokenAuthority } from "../open-token-authority.ts";
import type { TokenCheck } from "../token-authority.ts";
import { newKey, type SigningKey } from "../../../../identity/testing/sign-token.ts";
import {
  audience,
  startIssuer,
  type TestIssuer,
} from "../../../../identity/testing/start-issuer.ts";

type Identity = Pick<Config["identity"], "issuers" | "services">;
export type IssuerSettings = Partial<Identity["issuers"][number]>;

export const directory: ActiveDirectory = {
  people: new Map([["ada", { teamId: "blue", roles: ["employee"] }]]),
  costCenters: new Map([
    ["blue", "cc-1"],
    ["red", "cc-2"],
  ]),
};

export function snapshotOf(known: ActiveDirectory): ActiveSnapshot {
  return { ...emptySnapshot, version: "1", directory: known };
}

export function identityOf(
  issuer: TestIssuer,
  settings: IssuerSettings = {},
  services: Identity["services"] = [],
): Identity {
  const config: Identity["issuers"][number] = {
    name: "corp",
    issuer: issuer.url,
    audience,
    algorithms: ["ES256"],
    personClaim: "sub",
    clockToleranceSeconds: 30,
    maxTokenAgeSeconds: 86_400,
    refreshSeconds: 300,
    keysExpireSeconds: 3_600,
    ...settings,
  };
  return { issuers: [config], services };
}

export interface TokenFixture {
  readonly issuer: TestIssuer;
  readonly key: SigningKey;
  readonly clock: { nowMs: number };
  readonly checks: TokenCheck[];
  readonly directory: string;
  /** The principal, the refusal's code, or `awaited`. */
  readonly judge: (token: string, known?: ActiveSnapshot) => Principal | string;
  readonly message: (token: string) => string;
  /** Lets the fetch under way end. */
  readonly judgeLater: (token: string) => Promise<Principal | string>;
  /** The same issuer and disk, another process. */
  readonly reopen: () => Promise<TokenFixture>;
}

const snapshot = snapshotOf(directory);

/** An authority over a real issuer on loopback, with a clock that stands still. */
export async function startTokens(
  settings: IssuerSettings = {},
  services: Identity["services"] = [],
  key: SigningKey = newKey("k1"),
): Promise<TokenFixture> {
  const clock = { nowMs: Date.UTC(2026, 10, 23, 12) };
  const issuer = await startIssuer(() => clock.nowMs);
  onTestFinished(() => issuer[Symbol.asyncDispose]());
  issuer.keys = [key.jwk];
  const folder = await mkdtemp(join(tmpdir(), "weir-tokens-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const open = async (): Promise<TokenFixture> => {
    const checks: TokenCheck[] = [];
    const opened = openTokenAuthority({
      identity: identityOf(issuer, settings, services),
      directory: folder,
      name: "proxy-0",
      nowMs: () => clock.nowMs,
      onCheck: (check) => checks.push(check),
      onFetched: () => {},
      warn: () => {},
    });
    if (opened === null) throw new Error("there is an issuer");
    onTestFinished(() => opened.stop());
    await opened.started;
    let awaited = Promise.resolve();
    const judge = (token: string, known = snapshot) => {
      const found = opened.authority.judge(token, known, clock.nowMs);
      return "keysFetched" in found ? found : found.principal;
    };
    const told = (work: () => ReturnType<typeof judge>) => {
      try {
        const found = work();
        if (!("keysFetched" in found)) return found;
        awaited = found.keysFetched;
        return "awaited";
      } catch (thrown) {
        if (thrown instanceof Refusal) return thrown;
        throw thrown;
      }
    };
    const codeOf = (found: ReturnType<typeof told>) =>
      found instanceof Refusal ? found.code : found;
    return {
      issuer,
      key,
      clock,
      checks,
      directory: folder,
      judge: (token, known) => codeOf(told(() => judge(token, known))),
      message: (token) => {
        const found = told(() => judge(token));
        return found instanceof Refusal ? found.message : "";
      },
      judgeLater: async (token) => {
        const first = told(() => judge(token));
        if (first instanceof Refusal) return first.code;
        await awaited;
        return codeOf(told(() => judge(token)));
      },
      reopen: open,
    };
  };
  return open();
}

/** A token put together by hand: what no signer would sign. */
export function forge(header: object, claims: object, signature = ""): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode(header)}.${encode(claims)}.${signature}`;
}
