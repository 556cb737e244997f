const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Google's error body. */
export function geminiError(code: number, message: string): string {
  const status = statusNames[code] ?? (code >= 500 ? "UNKNOWN" : "INVALID_ARGUMENT");
  return JSON.stringify({ error: { code, message, status } });
}
