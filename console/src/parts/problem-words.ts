import { ProblemError } from "../api/problem-error.ts";

export interface ProblemWords {
  readonly title: string;
  readonly detail: string;
  /** Names this one failure in Weir's logs; empty when no answer came. */
  readonly requestId: string;
  readonly code: string;
}

/** What to tell a reader about an error of any kind. */
export function describeError(error: unknown): ProblemWords {
  if (error instanceof ProblemError) {
    const { title, detail, instance, code } = error.problem;
    return { title, detail, requestId: instance, code };
  }
  return {
    title: "This view has failed",
    detail: "Try again; if it keeps failing, reload the page.",
    requestId: "",
    code: "WEIR_CONSOLE_FAILED",
  };
}
