/** What lies on disk cannot be what Weir wrote. Nothing has been changed. */
export class AuditDamagedError extends Error {
  readonly code = "WEIR_AUDIT_DAMAGED";

  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The audit log is damaged: ${detail}. Run weir audit verify; restore the audit directory from a backup.`,
      options,
    );
    this.name = "AuditDamagedError";
  }
}

/** Leaves of one source were handed over in another order than that of their sequence. */
export class AuditOrderError extends Error {
  readonly code = "WEIR_AUDIT_ORDER";

  constructor(source: string, sequence: number, after: number) {
    super(`Leaf ${sequence} of ${source} came after ${after}. Append the leaves in rising order.`);
    this.name = "AuditOrderError";
  }
}

/** The key that would sign is not the one that the log's public key belongs to. */
export class AuditKeyError extends Error {
  readonly code = "WEIR_AUDIT_KEY";

  constructor(detail: string, options?: ErrorOptions) {
    super(`${detail}. Restore the signing key, or correct audit.signingKeyFile.`, options);
    this.name = "AuditKeyError";
  }
}

/** Used after `close`. */
export class AuditClosedError extends Error {
  readonly code = "WEIR_AUDIT_CLOSED";

  constructor() {
    super("The audit log is closed.");
    this.name = "AuditClosedError";
  }
}

/** What was asked for is not in the log. */
export class AuditNotFoundError extends Error {
  readonly code = "WEIR_AUDIT_NOT_FOUND";

  constructor(what: string) {
    super(what);
    this.name = "AuditNotFoundError";
  }
}
