import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Config } from "../../../config/schema.ts";
import { serviceKey } from "./caller-of.ts";
import { fetchJson } from "./fetch-json.ts";
import { fetchKeySet } from "./find-key-set.ts";
import { type FetchedKeys, IssuerKeys } from "./issuer-keys.ts";
import { TokenAuthority, type TokenCheck } from "./token-authority.ts";

export interface OpenTokenAuthority {
  readonly authority: TokenAuthority;
  /** Every issuer has been asked for its keys, whether or not it answered. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
}

const Kept = Type.Object({
  issuer: Type.String(),
  jwksUri: Type.String(),
  fetchedAtMs: Type.Number(),
  document: Type.Unknown(),
});

/** Begins to fetch the keys of every configured issuer. Null when there is none. */
export function openTokenAuthority(options: {
  readonly identity: Pick<Config["identity"], "issuers" | "services">;
  /** Folder for the last good keys; they are public ones. */
  readonly directory: string;
  /** Name of this worker, for its files. */
  readonly name: string;
  readonly nowMs: () => number;
  readonly onCheck: (check: TokenCheck) => void;
  readonly onFetched: (issuer: string, result: "ok" | "failed") => void;
  readonly warn: (fields: object, message: string) => void;
}): OpenTokenAuthority | null {
  const { identity, nowMs, onCheck, warn } = options;
  if (identity.issuers.length === 0) return null;
  const issuers = identity.issuers.map((config) => {
    const keys = new IssuerKeys({
      issuer: config,
      fetchKeys: (issuer, stop) => fetchKeySet(issuer, (url) => fetchJson(url, stop)),
      ...keptKeys(options.directory, `${options.name}-keys-${config.name}.json`, config),
      nowMs,
      onFetched: (result) => options.onFetched(config.name, result),
      warn: (err) => warn({ err, issuer: config.name }, "an issuer's keys could not be fetched"),
    });
    return { config, keys };
  });
  const services = new Map(
    identity.services.map((each) => [serviceKey(each.issuer, each.subject), each]),
  );
  const started = Promise.all(issuers.map(({ keys }) => keys.start()));
  return {
    authority: new TokenAuthority({ issuers, services, onCheck }),
    started: started.then(() => undefined),
    stop: async () => {
      await Promise.all(issuers.map(({ keys }) => keys.stop()));
    },
  };
}

/** Keys on the disk, for a proxy that starts while its issuer is down. */
function keptKeys(
  directory: string,
  fileName: string,
  { issuer, jwksUri = "" }: Config["identity"]["issuers"][number],
) {
  const file = join(directory, fileName);
  return {
    load: async (): Promise<FetchedKeys | null> => {
      const kept = Value.Parse(Kept, JSON.parse(await readFile(file, "utf8")));
      // The configuration may have come to mean another issuer by this name.
      return kept.issuer === issuer && kept.jwksUri === jwksUri ? kept : null;
    },
    keep: async (fetched: FetchedKeys): Promise<void> => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ issuer, jwksUri, ...fetched });
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
  };
}
