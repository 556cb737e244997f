import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
} from "jose";
import { Value } from "typebox/value";
import { SigningKey } from "../../contracts/delegation.ts";
import { seal, unseal } from "../../identity/oidc/seal.ts";
import { bumpRevision, type ControlContext } from "../store/change.ts";

const dayMs = 86_400_000;
export const rotateAfterMs = 30 * dayMs;
/** For so long a new key is only published, so that every proxy knows it before it signs. */
export const publishedAheadMs = 10 * 60_000;
/** A key stays until the last token that it may have signed has long expired. */
export const publishedForMs = rotateAfterMs + publishedAheadMs + dayMs;

type Context = Pick<ControlContext, "store" | "now" | "randomBytes">;

interface StoredKey {
  readonly id: string;
  readonly publicKey: SigningKey;
  readonly sealedPrivateKey: string;
  readonly createdAtMs: number;
}

/** The keys that Weir signs its own tokens with, in the store that all controls share. */
export class SigningKeys {
  readonly #context: Context;
  readonly #secret: string;

  /** @param controlToken what the private halves are sealed for: the store alone signs nothing. */
  constructor(context: Context, controlToken: string) {
    this.#context = context;
    this.#secret = `signing keys of ${controlToken}`;
  }

  /** Public halves of all keys that a live token may be signed with, oldest first. */
  async published(): Promise<SigningKey[]> {
    return (await this.#stored()).map(({ publicKey }) => publicKey);
  }

  /** Makes a key where there is none that this control can sign with, or none that is new enough. */
  async ensure(): Promise<void> {
    const newest = (await this.#openable()).at(-1);
    if (newest !== undefined && newest.createdAtMs + rotateAfterMs > this.#context.now()) return;
    await this.#create();
  }

  /** The key to sign with now. */
  async current(): Promise<{ readonly kid: string; readonly key: CryptoKey | Uint8Array }> {
    await this.ensure();
    const keys = await this.#openable();
    const known = this.#context.now() - publishedAheadMs;
    const chosen = keys.findLast(({ createdAtMs }) => createdAtMs <= known) ?? keys[0];
    const text = chosen === undefined ? null : this.#opened(chosen);
    if (chosen === undefined || text === null) throw new Error("there is no signing key");
    return { kid: chosen.id, key: await importJWK(JSON.parse(text), "EdDSA") };
  }

  #opened({ sealedPrivateKey }: StoredKey): string | null {
    return unseal(sealedPrivateKey, this.#secret);
  }

  async #openable(): Promise<StoredKey[]> {
    return (await this.#stored()).filter((key) => this.#opened(key) !== null);
  }

  async #stored(): Promise<StoredKey[]> {
    const rows = await this.#context.store
      .selectFrom("signingKeys")
      .selectAll()
      .where("createdAtMs", ">", this.#context.now() - publishedForMs)
      .orderBy("createdAtMs")
      .orderBy("id")
      .execute();
    return rows.map(({ id, publicKey, sealedPrivateKey, createdAtMs }) => ({
      id,
      publicKey: Value.Parse(SigningKey, JSON.parse(publicKey)),
      sealedPrivateKey,
      createdAtMs,
    }));
  }

  async #create(): Promise<void> {
    const { store, now, randomBytes } = this.#context;
    const pair = await generateKeyPair("EdDSA", { extractable: true });
    const { x = "" } = await exportJWK(pair.publicKey);
    const id = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x });
    const members = { kty: "OKP", crv: "Ed25519", x, kid: id, alg: "EdDSA", use: "sig" } as const;
    const createdAtMs = now();
    const privateKey = JSON.stringify(await exportJWK(pair.privateKey));
    await store.transaction().execute(async (transaction) => {
      const old = transaction.deleteFrom("signingKeys");
      await old.where("createdAtMs", "<=", createdAtMs - publishedForMs).execute();
      await transaction
        .insertInto("signingKeys")
        .values({
          id,
          publicKey: JSON.stringify(members),
          sealedPrivateKey: seal(privateKey, this.#secret, randomBytes),
          createdAtMs,
        })
        .execute();
      await bumpRevision(transaction);
    });
  }
}
