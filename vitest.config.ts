import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

const chromium = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

export default defineConfig({
  test: {
    projects: [
      {
        // No service, no browser, no socket but loopback: part of `pnpm verify`.
        test: {
          name: "unit",
          // Not threads: Node dies with a segmentation fault while so many end, after all tests have passed.
          pool: "forks",
          setupFiles: ["test/support/fixed-seed.ts"],
          isolate: false,
          environment: "node",
          include: ["{gateway,policies,console,scripts,test}/**/*.test.ts"],
          exclude: [
            "**/node_modules/**",
            "**/*.chdb.test.ts",
            "**/*.slow.test.ts",
            "**/*.postgres.test.ts",
            "test/{conformance,e2e,security,chaos,bench}/**",
          ],
        },
      },
      {
        // Real ClickHouse (chDB) and the policy compiler; seconds each.
        test: {
          name: "service",
          environment: "node",
          include: ["{gateway,policies,test/{agentdojo,support}}/**/*.{chdb,slow}.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // The same tests of the ledger once more, over HTTP: see test/support/clickhouse-server.
        test: {
          name: "service-server",
          environment: "node",
          env: { WEIR_TEST_CLICKHOUSE: "server" },
          include: ["gateway/src/**/*.chdb.test.ts"],
          // These bring an engine with a configuration of their own, on either connection.
          exclude: ["**/node_modules/**", "gateway/src/ledger/clickhouse/{cluster,grants}/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // The tests of the control plane once more over PostgreSQL: see test/support/postgres.
        test: {
          name: "service-postgres",
          environment: "node",
          env: { WEIR_TEST_STORE: "postgres" },
          globalSetup: ["test/support/postgres/global-setup.ts"],
          include: [
            "gateway/src/{control,identity}/**/*.test.ts",
            "gateway/src/command/key-command.test.ts",
            "gateway/src/command/**/*.postgres.test.ts",
          ],
          // What is said of SQLite's files.
          exclude: ["**/node_modules/**", "**/*.sqlite.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          include: ["console/**/*.test.tsx"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: chromium,
                args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
              },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        // The whole system, over real sockets, one file at a time.
        test: {
          name: "system",
          environment: "node",
          include: ["test/{conformance,e2e,security,chaos}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
