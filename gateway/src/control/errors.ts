/**
 * The one error table of the control plane: code → HTTP status, title, and whether the message of
 * the error that carries it may be shown to the caller.
 */
export const controlErrors = {
  WEIR_INVALID_REQUEST: { status: 400, title: "The request is not valid" },
  WEIR_INVALID_CURSOR: { status: 400, title: "The cursor is not valid" },
  WEIR_INVALID_TIME_ZONE: { status: 400, title: "The time zone is not known" },
  WEIR_INVALID_RANGE: { status: 400, title: "The range of days is not valid" },
  WEIR_NOT_SIGNED_IN: { status: 401, title: "Not signed in" },
  WEIR_CONTROL_TOKEN_REFUSED: { status: 401, title: "The control token is not valid" },
  WEIR_SCIM_TOKEN_REFUSED: { status: 401, title: "The SCIM token is not valid" },
  WEIR_CROSS_SITE_REQUEST: { status: 403, title: "The request did not come from the console" },
  WEIR_NOT_PERMITTED: { status: 403, title: "Not permitted" },
  WEIR_VIEW_DENIED: { status: 403, title: "A policy does not allow this view" },
  WEIR_NOT_FOUND: { status: 404, title: "Not found" },
  WEIR_KEY_NOT_FOUND: { status: 404, title: "No such key" },
  WEIR_PERSON_NOT_FOUND: { status: 404, title: "No such person" },
  WEIR_GRANT_NOT_FOUND: { status: 404, title: "No such grant" },
  WEIR_STOP_NOT_FOUND: { status: 404, title: "No such stop" },
  WEIR_STOP_TARGET_NOT_FOUND: { status: 404, title: "There is nothing of that name to stop" },
  WEIR_TEAM_NOT_FOUND: { status: 404, title: "No such team" },
  WEIR_DEVICE_CODE_NOT_FOUND: { status: 404, title: "No such code" },
  WEIR_BUDGET_NOT_FOUND: { status: 404, title: "No such budget" },
  WEIR_DECISION_NOT_FOUND: { status: 404, title: "No such decision" },
  WEIR_BODY_TOO_LARGE: { status: 413, title: "The request is too large" },
  WEIR_UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The media type is not supported" },
  WEIR_WRONG_HOST: { status: 421, title: "This host name is not served here" },
  WEIR_KEY_NOT_ROTATABLE: { status: 409, title: "The key cannot be rotated" },
  WEIR_TOO_MANY_KEYS: { status: 409, title: "Too many keys" },
  WEIR_CONSENT_NOT_OWN: { status: 403, title: "Only the person can grant this" },
  WEIR_TOO_MANY_GRANTS: { status: 409, title: "Too many grants" },
  WEIR_TOO_MANY_RAISES: { status: 409, title: "Too many raises" },
  WEIR_STOP_LIFTED: { status: 409, title: "The stop has been lifted already" },
  WEIR_TOO_MANY_STOPS: { status: 409, title: "Too many stops" },
  WEIR_PRICES_CHANGED: { status: 409, title: "Weir runs with other prices" },
  WEIR_DEAD_LETTER_UNREADABLE: { status: 409, title: "The dead letter cannot be read" },
  WEIR_RECOMPUTE_RUNNING: { status: 409, title: "Prices are being recomputed already" },
  WEIR_TOO_MANY_CODES: { status: 429, title: "Too many wrong codes" },
  WEIR_INTERNAL: { status: 500, title: "Something went wrong in Weir" },
  WEIR_AUDIT_UNAVAILABLE: { status: 503, title: "The audit log takes no records now" },
  WEIR_LEDGER_UNAVAILABLE: { status: 503, title: "The ledger cannot be read now" },
  WEIR_STORE_UNAVAILABLE: { status: 503, title: "The control store does not answer now" },
  WEIR_SNAPSHOT_NOT_READY: { status: 503, title: "No snapshot has been built yet" },
  WEIR_TOO_MANY_WAITING: { status: 503, title: "Too many requests are waiting" },
  WEIR_SHUTTING_DOWN: { status: 503, title: "Weir is shutting down" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ControlErrorCode = keyof typeof controlErrors;

/** A refusal of the control plane. `message` is for the caller; `cause` stays in the log. */
export class ControlError extends Error {
  readonly code: ControlErrorCode;
  readonly status: number;
  readonly title: string;

  constructor(code: ControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ControlError";
    this.code = code;
    this.status = controlErrors[code].status;
    this.title = controlErrors[code].title;
  }
}
