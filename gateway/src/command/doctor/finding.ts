/** What one check has found. */
export interface DoctorFinding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; empty when all is well. */
  readonly remedy: string;
}

export function good(check: string, detail: string): DoctorFinding {
  return { check, ok: true, detail, remedy: "" };
}

export function bad(check: string, detail: string, remedy: string): DoctorFinding {
  return { check, ok: false, detail, remedy };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
