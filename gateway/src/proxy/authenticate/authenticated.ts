import type { SnapshotKey } from "../../contracts/snapshot.ts";

/** What a verified credential stands for, whichever kind it is of. */
export type Authenticated = Pick<
  SnapshotKey,
  "principal" | "denialStyle" | "secretId" | "scopes" | "models"
>;

/** A token cannot be judged before its issuer's keys have been fetched; never rejects. */
export interface KeysAwaited {
  readonly keysFetched: Promise<void>;
}
