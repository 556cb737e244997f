import type { Grant } from "../../contracts/scope.ts";
import type { SnapshotKey } from "../../contracts/snapshot.ts";

/** What a verified credential stands for, whichever kind it is of. */
export type Authenticated = Pick<
  SnapshotKey,
  "principal" | "denialStyle" | "secretId" | "scopes" | "models"
> &
  Pick<Grant, "alsoModels" | "tools"> & {
    /** Of a token of Weir's own: who acts, and through whom it came to them, the last one first. */
    readonly actors?: readonly { readonly sub: string; readonly key?: string }[];
  };

/** A token cannot be judged before its issuer's keys have been fetched; never rejects. */
export interface KeysAwaited {
  readonly keysFetched: Promise<void>;
}
