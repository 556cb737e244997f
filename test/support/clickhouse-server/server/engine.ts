import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Session } from "chdb";
import { asServerException, ServerException } from "./exception.ts";
import { sqlString, outputFormat } from "./sql-text.ts";

export interface Statement {
  readonly sql: string;
  readonly database: string;
  readonly defaultFormat: string;
  /** Applied in this order, for this statement only. */
  readonly settings: readonly (readonly [string, string])[];
  /** Values in the escaped form in which they stood in the URL. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Data of an INSERT, untouched. */
  readonly data: Buffer | undefined;
}

export interface Summary {
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

export type Result =
  | { readonly kind: "stream"; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly kind: "done"; readonly bytes: Uint8Array; readonly summary: Summary };

/** The entry of chDB that hands bytes to the parser of any input format, without a string. */
interface NativeInsert {
  InsertRawAsyncConnection(
    connection: unknown,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<{ readonly rowsWritten?: number; readonly bytesWritten?: number }>;
}

const SETTING_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * chDB as a server would use it: a connection for each request, so that settings, parameters and
 * database end with it. (chDB keeps a SET for the life of the connection.)
 */
export class Engine {
  readonly #path: string;
  readonly #arguments: { connectionArgs?: string[] };
  /** Keeps the data directory open between requests. */
  readonly #base: Session;
  readonly #native: NativeInsert;
  readonly #running = new Set<Promise<unknown>>();

  constructor(path: string, configFile: string | undefined) {
    this.#path = path;
    this.#arguments =
      configFile === undefined ? {} : { connectionArgs: [`--config-file=${configFile}`] };
    this.#base = new Session(path, this.#arguments);
    const load = createRequire(import.meta.url);
    // The package exports no way to insert under an INSERT statement of one's own.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const loader = load(join(dirname(load.resolve("chdb")), "dist", "loader.js")) as {
      loadNative(): NativeInsert;
    };
    this.#native = loader.loadNative();
  }

  /**
   * Runs one statement and hands its result to `use`; the connection lives until that is done.
   * @throws ServerException
   */
  async run<T>(statement: Statement, use: (result: Result) => Promise<T>): Promise<T> {
    const work = this.#run(statement, use);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  async #run<T>(statement: Statement, use: (result: Result) => Promise<T>): Promise<T> {
    const session = new Session(this.#path, this.#arguments);
    try {
      for (const preparation of preparations(statement)) await execute(session, preparation);
      return await use(await this.#result(session, statement));
    } finally {
      session.close();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#base.close();
  }

  async #result(session: Session, statement: Statement): Promise<Result> {
    const { sql, data, defaultFormat } = statement;
    if (data !== undefined) return this.#insert(session, sql, data);
    const isRead = /^\s*(\(\s*)*(select|with)\b/i.test(sql);
    if (isRead && LINES.test(outputFormat(sql, defaultFormat))) {
      try {
        const stream = session.queryStream(sql, { format: defaultFormat });
        return { kind: "stream", chunks: bytesOf(stream) };
      } catch (error) {
        throw asServerException(error);
      }
    }
    const { bytes, rowsRead, bytesRead } = await execute(session, sql, defaultFormat);
    const written = /^\s*insert\b/i.test(sql);
    const summary = {
      readRows: rowsRead,
      readBytes: bytesRead,
      writtenRows: written ? rowsRead : 0,
      writtenBytes: written ? bytesRead : 0,
    };
    return { kind: "done", bytes, summary };
  }

  async #insert(session: Session, sql: string, data: Buffer): Promise<Result> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { connection } = session as unknown as { connection: unknown };
    try {
      const raw = await this.#native.InsertRawAsyncConnection(connection, sql, data, false);
      const rows = raw.rowsWritten ?? 0;
      const bytes = raw.bytesWritten ?? 0;
      const summary = { readRows: rows, readBytes: bytes, writtenRows: rows, writtenBytes: bytes };
      return { kind: "done", bytes: new Uint8Array(0), summary };
    } catch (error) {
      throw asServerException(error);
    }
  }
}

function preparations({ database, settings, parameters }: Statement): string[] {
  const statements: string[] = [];
  if (database !== "") statements.push(`USE \`${database.replaceAll("`", "``")}\``);
  for (const [name, value] of parameters)
    statements.push(`SET ${identifier(`param_${name}`)} = ${sqlString(value)}`);
  // One statement, as a server takes them all at once: `readonly` must not shut out the others.
  const assignments = settings.map(([name, value]) => `${identifier(name)} = ${sqlString(value)}`);
  if (assignments.length > 0) statements.push(`SET ${assignments.join(", ")}`);
  return statements;
}

function identifier(name: string): string {
  if (!SETTING_NAME.test(name))
    throw new ServerException(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
  return name;
}

async function execute(session: Session, sql: string, format = "TabSeparated") {
  try {
    const result = await session.queryAsync(sql, { format });
    return { bytes: result.bytes(), rowsRead: result.rowsRead, bytesRead: result.bytesRead };
  } catch (error) {
    throw asServerException(error);
  }
}

/** chDB begins each piece of a stream anew, with the head that other formats have. */
const LINES = /^(JSONEachRow|JSONCompactEachRow|TabSeparated|TSV|CSV)$/i;

async function* bytesOf(stream: AsyncIterable<{ raw(): Uint8Array }>) {
  try {
    for await (const chunk of stream) yield chunk.raw();
  } catch (error) {
    throw asServerException(error);
  }
}
