/** The compiler itself failed; what is wrong with a policy is never thrown but returned. */
export class PolicyCompilerError extends Error {
  readonly code:
    | "WEIR_POLICY_COMPILER_TIMEOUT"
    | "WEIR_POLICY_COMPILER_FAILED"
    | "WEIR_POLICY_COMPILER_CLOSED"
    | "WEIR_POLICY_COMPILER_BUSY";

  constructor(code: PolicyCompilerError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PolicyCompilerError";
    this.code = code;
  }
}
