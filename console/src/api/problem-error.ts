import type { Problem } from "@weir/gateway/contracts";

/** Anything that went wrong with a request, as RFC 9457 tells it or as we put it in its terms. */
export class ProblemError extends Error {
  readonly code: string;
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(`${problem.title} ${problem.detail}`.trim(), { cause });
    this.name = "ProblemError";
    this.code = problem.code;
    this.problem = problem;
  }
}

const own = (code: string, status: number, title: string, detail: string): Problem => ({
  type: "about:blank",
  title,
  status,
  detail,
  instance: "",
  code,
});

export const unreachable = (cause: unknown): ProblemError =>
  new ProblemError(
    own(
      "WEIR_CONSOLE_UNREACHABLE",
      0,
      "Weir cannot be reached",
      "No answer came. Check that Weir is running (npm start) and that your network lets you through.",
    ),
    cause,
  );

export const timedOut = (cause: unknown): ProblemError =>
  new ProblemError(
    own(
      "WEIR_CONSOLE_TIMEOUT",
      0,
      "Weir took too long",
      "No answer came in 30 seconds. Try again, or ask for a shorter range.",
    ),
    cause,
  );

export const unreadable = (status: number, cause?: unknown): ProblemError =>
  new ProblemError(
    own(
      "WEIR_CONSOLE_UNREADABLE",
      status,
      "The answer could not be read",
      `Weir answered with status ${status} in a form this console does not know. Reload the page: the console may be older than the server.`,
    ),
    cause,
  );

/** True when the session is missing, expired or ended. */
export const isSignedOut = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.status === 401;
