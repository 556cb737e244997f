import type { AnyLedgerOperation } from "./operation.ts";
import { auditRowsOperation } from "./operations/audit-rows.ts";
import { shipOperation } from "./operations/ship.ts";
import { verifyOperation } from "./operations/verify.ts";

/** Every operation on the ledger, a route and a command each. */
export const ledgerOperations: readonly AnyLedgerOperation[] = [
  auditRowsOperation,
  shipOperation,
  verifyOperation,
];
