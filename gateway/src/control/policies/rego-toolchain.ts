import {
  createPolicyCompiler,
  type PolicyCompiler,
  type PolicyProblem,
  type PolicyTest,
} from "@weir/policies/compiler";
import type { PolicySources } from "./sources.ts";
import type { PolicyError } from "./status.ts";
import type { CompileResult, PolicyToolchain } from "./toolchain.ts";

const maxErrors = 50;
const maxMessageLength = 500;
// The compiler holds OPA itself in memory: not worth keeping between two edits an hour apart.
const idleMs = 60_000;

function errorOf({ file, row, column, message }: PolicyProblem): PolicyError {
  return { file, row, column, message: message.slice(0, maxMessageLength) };
}

function errorOfTest(test: PolicyTest): PolicyError {
  const reason = test.message === undefined ? "" : `: ${test.message}`;
  const message = `test ${test.package}.${test.name} did not pass${reason}`;
  return { file: test.file, row: test.row, column: 0, message: message.slice(0, maxMessageLength) };
}

function refused(errors: readonly PolicyError[]): CompileResult {
  return { ok: false, errors: errors.slice(0, maxErrors) };
}

async function compileWith(
  compiler: PolicyCompiler,
  files: PolicySources,
  entrypoints: readonly string[],
): Promise<CompileResult> {
  const problems = await compiler.check(files);
  if (problems.length > 0) return refused(problems.map(errorOf));
  const run = await compiler.test(files);
  if (run.errors.length > 0) return refused(run.errors.map(errorOf));
  const broken = run.tests.filter(({ outcome }) => outcome === "fail" || outcome === "error");
  if (broken.length > 0) return refused(broken.map(errorOfTest));
  const built = await compiler.build({ files, entrypoints });
  if (built.errors.length > 0) return refused(built.errors.map(errorOf));
  return { ok: true, wasm: built.wasm };
}

/** OPA's own compiler, started when it is first needed and ended when it has been idle. */
export function createRegoToolchain(identity: string): PolicyToolchain {
  let compiler: PolicyCompiler | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  const close = async () => {
    clearTimeout(idleTimer);
    const closing = compiler;
    compiler = null;
    await closing?.close();
  };
  return {
    identity,
    compile: async (sources, entrypoints) => {
      clearTimeout(idleTimer);
      compiler ??= createPolicyCompiler();
      try {
        return await compileWith(compiler, sources, entrypoints);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return refused([{ file: "", row: 0, column: 0, message }]);
      } finally {
        idleTimer = setTimeout(() => void close(), idleMs).unref();
      }
    },
    close,
  };
}
