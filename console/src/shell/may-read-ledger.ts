import type { Me } from "@weir/gateway/contracts";

const readers = new Set(["admin", "auditor", "security"]);

/** Whether to offer the view of the ledger; whether it may be read is control's to say. */
export const mayReadLedger = ({ person }: Me): boolean =>
  person.roles.some((role) => readers.has(role));
