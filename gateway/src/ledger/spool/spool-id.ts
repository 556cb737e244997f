const PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** Stands beside the spools and is none. */
const RESERVED = "dead-letters";

/** Whether the name can be a spool's: it becomes a directory's, and part of SQL texts. */
export function isSpoolId(name: string): boolean {
  return PATTERN.test(name) && name !== RESERVED;
}
