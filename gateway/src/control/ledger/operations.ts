import type { AnyLedgerOperation } from "./operation.ts";
import { auditRowsOperation } from "./operations/audit-rows.ts";
import { erasePersonOperation } from "./operations/erase-person.ts";
import { backupOperation } from "./operations/backup.ts";
import { contentShowOperation } from "./operations/content-show.ts";
import { deadLettersDiscardOperation } from "./operations/dead-letters-discard.ts";
import { deadLettersListOperation } from "./operations/dead-letters-list.ts";
import { deadLettersRetryOperation } from "./operations/dead-letters-retry.ts";
import { deadLettersShowOperation } from "./operations/dead-letters-show.ts";
import { exportOperation } from "./operations/export.ts";
import { overviewOperation } from "./operations/overview.ts";
import { personHistoryOperation } from "./operations/person-history.ts";
import { shipOperation } from "./operations/ship.ts";
import { verifyOperation } from "./operations/verify.ts";

/** Every operation on the ledger, a route and a command each. */
export const ledgerOperations: readonly AnyLedgerOperation[] = [
  backupOperation,
  contentShowOperation,
  overviewOperation,
  exportOperation,
  deadLettersListOperation,
  deadLettersShowOperation,
  deadLettersRetryOperation,
  deadLettersDiscardOperation,
  auditRowsOperation,
  shipOperation,
  verifyOperation,
  erasePersonOperation,
  personHistoryOperation,
];
