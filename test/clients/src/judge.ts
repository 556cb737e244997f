import { isBilledExactly, type Seen, showsDenial, statusesOf } from "./seen.ts";

const saidByTheSimulator = "This is Weir's simulator.";
// The command holds its parts alone, so that only a shell which ran can have written this.
const printedByTheTool = "weir-shell-42";
const charactersOfThat = `The tool answered with ${printedByTheTool.length} characters`;

/** A sentence for what is wrong, and whether it is not. */
type Check = readonly [sentence: string, holds: boolean];

/** What is wrong with a turn, as sentences; none = it went as it has to. */
export function faultsOf(seen: Seen): readonly string[] {
  const billed: Check = ["Weir's rows are not the simulator's bill", isBilledExactly(seen)];
  const isDenied = seen.turn.scenario === "denied";
  const checks = [billed, ...(isDenied ? whenDenied(seen) : whenAnswered(seen))];
  return checks.flatMap(([sentence, holds]) => (holds ? [] : [sentence]));
}

function whenDenied(seen: Seen): readonly Check[] {
  const { exitCode, statuses } = seen.turn.client.denial;
  return [
    endedWith(seen, exitCode),
    callsEndedWith(seen, statuses),
    ["the user does not see why it was denied", showsDenial(seen)],
  ];
}

function whenAnswered(seen: Seen): readonly Check[] {
  const { scenario } = seen.turn;
  const answered: readonly Check[] = [
    endedWith(seen, 0),
    ["the answer did not reach the user", readBy(seen).includes(saidByTheSimulator)],
  ];
  switch (scenario) {
    case "tool":
      return [...answered, ...toolChecks(seen)];
    case "provider fails once": {
      const failed = seen.rows.some((row) => row["upstream_status"] === 503);
      return [...answered, ["the provider's failure is in no row", failed]];
    }
    default: {
      const { choosesModel, plainCalls } = seen.turn.client;
      // Who is told the model need not ask which one to ask.
      const calls = choosesModel && scenario === "allowed after" ? 1 : plainCalls;
      const statuses = Array.from({ length: calls }, () => 200);
      return [...answered, callsEndedWith(seen, statuses)];
    }
  }
}

function toolChecks(seen: Seen): readonly Check[] {
  const counted = (column: string) => seen.rows.some((row) => Number(row[column]) > 0);
  const proof = seen.turn.client.showsToolOutput ? printedByTheTool : charactersOfThat;
  return [
    ["no row has a tool call", counted("tool_call_count")],
    ["no row has a tool result", counted("tool_result_count")],
    ["the tool did not run", readBy(seen).includes(proof)],
  ];
}

function endedWith({ finished }: Seen, exitCode: number): Check {
  return [`it ended with ${finished.exitCode}, not ${exitCode}`, finished.exitCode === exitCode];
}

function callsEndedWith(seen: Seen, statuses: readonly number[]): Check {
  const [is, expected] = [statusesOf(seen).join(" "), statuses.join(" ")];
  return [`the calls ended with ${is}, not ${expected}`, is === expected];
}

function readBy({ finished: { output }, turn: { client } }: Seen): string {
  return output + (client.answerOf?.(output) ?? "");
}
