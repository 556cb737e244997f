/** The dead-letter file has reached its bound: shipping stops rather than lose a row. */
export class DeadLettersFullError extends Error {
  readonly code = "WEIR_LEDGER_DEAD_LETTERS_FULL";

  constructor(path: string, maxBytes: number) {
    super(`${path} has reached ${maxBytes} bytes. Look into it, then move it away or retry it.`);
    this.name = "DeadLettersFullError";
  }
}

/** A batch failed for its data, and yet rows of it are in the table: taking it apart could double them. */
export class HalfShippedError extends Error {
  readonly code = "WEIR_LEDGER_HALF_SHIPPED";

  constructor(table: string, options?: ErrorOptions) {
    super(`ClickHouse took rows of a batch into ${table} and then failed. See its cause.`, options);
    this.name = "HalfShippedError";
  }
}

/**
 * ClickHouse error types that say a value does not fit its column. Only these may send a row to
 * the dead letters; whatever else there is, above all about connections, is tried again for ever.
 */
const DATA_ERROR_TYPES = new Set([
  "ARGUMENT_OUT_OF_BOUND",
  "CANNOT_CONVERT_TYPE",
  "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
  "DECIMAL_OVERFLOW",
  "INCORRECT_DATA",
  "TOO_LARGE_ARRAY_SIZE",
  "TOO_LARGE_STRING_SIZE",
  "TYPE_MISMATCH",
  "UNEXPECTED_DATA_AFTER_PARSED_VALUE",
  "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
  "VIOLATED_CONSTRAINT",
]);

/** An error that ClickHouse itself reported. */
export interface ReportedError extends Error {
  readonly code: string;
  readonly type: string;
}

/** @returns whether a row of the batch is at fault, and not ClickHouse or the way to it. */
export function isDataError(error: unknown): error is ReportedError {
  // By its shape: the embedded engine brings its own copy of the class ClickHouseError.
  if (!(error instanceof Error) || !("type" in error) || typeof error.type !== "string")
    return false;
  return error.type.startsWith("CANNOT_PARSE_") || DATA_ERROR_TYPES.has(error.type);
}

/** What went wrong, in one line, without the values of rows that ClickHouse likes to quote. */
export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ""] = text.split("\n", 1);
  const summary = line.replace(/ before: .*$/, "").slice(0, 300);
  // Reading lines, it lists every column up to the one at fault.
  const column = [...text.matchAll(/\bname: ([\w.]+)/g)].at(-1)?.[1];
  return column === undefined ? summary : `${summary} (column ${column})`;
}
