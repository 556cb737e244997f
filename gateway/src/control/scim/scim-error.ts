/** The error types of RFC 7644 §3.12 that are used, and the codes that logs and tests go by. */
const scimErrors = {
  WEIR_SCIM_INVALID_FILTER: { status: 400, scimType: "invalidFilter" },
  WEIR_SCIM_INVALID_SYNTAX: { status: 400, scimType: "invalidSyntax" },
  WEIR_SCIM_INVALID_PATH: { status: 400, scimType: "invalidPath" },
  WEIR_SCIM_NO_TARGET: { status: 400, scimType: "noTarget" },
  WEIR_SCIM_INVALID_VALUE: { status: 400, scimType: "invalidValue" },
  WEIR_SCIM_MUTABILITY: { status: 400, scimType: "mutability" },
  WEIR_SCIM_TOO_MANY: { status: 400, scimType: "tooMany" },
  WEIR_SCIM_UNIQUENESS: { status: 409, scimType: "uniqueness" },
  WEIR_SCIM_NOT_FOUND: { status: 404, scimType: null },
  WEIR_SCIM_VERSION_MISMATCH: { status: 412, scimType: null },
} as const satisfies Record<string, { status: number; scimType: string | null }>;

export type ScimErrorCode = keyof typeof scimErrors;

/** A refusal in the words of SCIM; the message is for whoever looks after the identity provider. */
export class ScimError extends Error {
  readonly code: ScimErrorCode;
  readonly status: number;
  readonly scimType: string | null;

  constructor(code: ScimErrorCode, message: string) {
    super(message);
    this.name = "ScimError";
    this.code = code;
    this.status = scimErrors[code].status;
    this.scimType = scimErrors[code].scimType;
  }
}
