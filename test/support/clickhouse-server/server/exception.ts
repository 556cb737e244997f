/** Of the engine in chDB 3.4; tests look for the form, not for the number. */
const ENGINE_VERSION = "26.7.2.1";

/** What a server answers with: `Code: n. DB::Exception: … (NAME) (version …)`. */
export class ServerException extends Error {
  readonly code: number;
  readonly exceptionName: string;
  /** In place of the one that goes with the name. */
  status: number | undefined;

  constructor(code: number, exceptionName: string, text: string) {
    super(`Code: ${code}. DB::Exception: ${text} (${exceptionName})`);
    this.code = code;
    this.exceptionName = exceptionName;
  }

  /** As the body of an answer has it. */
  get body(): string {
    return `${this.message} (version ${ENGINE_VERSION} (official build))\n`;
  }
}

/** An error of the engine, or of this server, as an exception of a server. */
export function asServerException(error: unknown): ServerException {
  if (error instanceof ServerException) return error;
  const message = error instanceof Error ? error.message : String(error);
  const match = /^Code: (\d+)\. DB::(?:\w*)Exception: ([\s\S]*) \(([A-Z0-9_]+)\)\s*$/.exec(message);
  if (match === null) return new ServerException(1002, "UNKNOWN_EXCEPTION", message);
  return new ServerException(Number(match[1]), match[3] ?? "", match[2] ?? "");
}

// The list of ClickHouse's src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.
const STATUS: readonly (readonly [number, RegExp])[] = [
  [401, /^REQUIRED_PASSWORD$/],
  [403, /^(UNKNOWN_USER|WRONG_PASSWORD|AUTHENTICATION_FAILED|SET_NON_GRANTED_ROLE|ACCESS_DENIED)$/],
  [
    400,
    /^(BAD_ARGUMENTS|CANNOT_COMPILE_REGEXP|CANNOT_PARSE_(TEXT|ESCAPE_SEQUENCE|QUOTED_STRING|DATE|DATETIME|NUMBER|DOMAIN_VALUE_FROM_STRING|IPV4|IPV6|UUID|INPUT_ASSERTION_FAILED)|DUPLICATE_COLUMN|ILLEGAL_COLUMN|UNKNOWN_ELEMENT_IN_AST|UNKNOWN_TYPE_OF_AST_NODE|THERE_IS_NO_COLUMN|TOO_DEEP_AST|TOO_BIG_AST|UNEXPECTED_AST_STRUCTURE|SYNTAX_ERROR|INCORRECT_DATA|TYPE_MISMATCH|VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE)$/,
  ],
  [
    404,
    /^UNKNOWN_(TABLE|FUNCTION|IDENTIFIER|TYPE|STORAGE|DATABASE|SETTING|DIRECTION_OF_SORTING|AGGREGATE_FUNCTION|FORMAT|DATABASE_ENGINE|TYPE_OF_QUERY|ROLE)$/,
  ],
  [413, /^QUERY_IS_TOO_LARGE$/],
  [501, /^NOT_IMPLEMENTED$/],
  [503, /^(SOCKET_TIMEOUT|CANNOT_OPEN_FILE|CANNOT_SCHEDULE_TASK)$/],
  [411, /^HTTP_LENGTH_REQUIRED$/],
  [408, /^TIMEOUT_EXCEEDED$/],
  [415, /^UNSUPPORTED_MEDIA_TYPE$/],
];

/** The status that a server sends with an exception of this name; 500 for most. */
export function statusOf(exception: ServerException): number {
  if (exception.status !== undefined) return exception.status;
  return STATUS.find(([, names]) => names.test(exception.exceptionName))?.[0] ?? 500;
}
