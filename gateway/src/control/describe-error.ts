import type { ProblemDescription } from "../shell/problem.ts";
import { ControlError, type ControlErrorCode, controlErrors } from "./errors.ts";

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Record<string, unknown>;
}

interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly validation?: readonly ValidationIssue[];
  readonly validationContext?: string;
}

const codeOfFrameworkError: Readonly<Record<string, ControlErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "WEIR_BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "WEIR_UNSUPPORTED_MEDIA_TYPE",
};

function problem(code: ControlErrorCode, detail: string): ProblemDescription {
  const { status, title } = controlErrors[code];
  const retry = status === 503 ? { retryAfterSeconds: 1 } : {};
  return { code, status, title, detail, ...retry };
}

function pathOf(issue: ValidationIssue, context: string): string {
  const extra = issue.params?.["additionalProperty"] ?? issue.params?.["missingProperty"];
  const suffix = typeof extra === "string" ? `/${extra}` : "";
  return `${context}${issue.instancePath}${suffix}`;
}

/** Says what the caller may read about any error of the control plane, our own or not. */
export function describeError(error: unknown): ProblemDescription {
  if (error instanceof ControlError) return problem(error.code, error.message);
  const { code, statusCode, message, validation, validationContext }: FrameworkError =
    typeof error === "object" && error !== null ? error : {};
  if (validation !== undefined) {
    const errors = validation.map((issue) => ({
      path: pathOf(issue, validationContext ?? "request"),
      message: issue.message ?? "is not valid",
    }));
    const detail = "Correct what `errors` lists and send the request again.";
    return { ...problem("WEIR_INVALID_REQUEST", detail), errors };
  }
  const known = code === undefined ? undefined : codeOfFrameworkError[code];
  if (known !== undefined) return problem(known, message ?? "");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return problem("WEIR_INVALID_REQUEST", message ?? "");
  }
  return problem("WEIR_INTERNAL", "Look for the request id in Weir's log.");
}
