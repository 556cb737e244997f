/** What one turn is given: where Weir is, as whom, and what to ask for. */
export interface Asked {
  /** Weir's origin, without a path. */
  readonly gateway: string;
  readonly key: string;
  /** "" = the client's own choice. */
  readonly model: string;
  readonly home: string;
}

export interface Command {
  /** Name of the program in `node_modules/.bin`. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Written before the start; paths are relative to the home, where `work` is the current folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a denied turn has to look like: how each call ended, in order, and the exit code. */
export interface Denial {
  readonly statuses: readonly number[];
  readonly exitCode: number;
}

export interface Client {
  readonly name: string;
  readonly package: string;
  readonly wire: string;
  /** Calls that a plain turn takes: some ask a second model for a title or a route. */
  readonly plainCalls: number;
  /** Lets the client choose the model of plain and denied turns. */
  readonly choosesModel?: true;
  readonly denial: Denial;
  /** Its key answers denials softly. */
  readonly soft?: true;
  /** The model's text, when it is not whole in the output. */
  readonly answerOf?: (output: string) => string;
  /** The client's output holds what its tools print. */
  readonly showsToolOutput: boolean;
  command(asked: Asked): Command;
}

export const prompt = "say hi";

/** Every model that a turn asks for by name. */
export const models = {
  plain: "sim-echo",
  tool: "sim-shell",
  denied: "sim-utf8",
  flaky: "sim-flaky-1",
} as const;
