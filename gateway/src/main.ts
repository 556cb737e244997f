const MIN_NODE_MAJOR = 24;

if (Number(process.versions.node.split(".")[0]) < MIN_NODE_MAJOR) {
  process.stderr.write(
    `weir: Node.js ${process.versions.node} is too old for gateway/src/main.ts.\n` +
      "      Use `npm start` or `pnpm weir`, which bring their own.\n",
  );
  process.exitCode = 1;
} else {
  const { runCommandLine } = await import("./command/program.ts");
  const { env, stdout, stderr } = process;
  // A reader such as `head` may go before all is written.
  stdout.on("error", () => undefined);
  stderr.on("error", () => undefined);
  const host = { env, stdout, stderr, cwd: process.cwd(), exitCode: 0 };
  await runCommandLine(process.argv.slice(2), host);
  process.exit(host.exitCode);
}
