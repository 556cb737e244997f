import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig, type LoadConfigOptions } from "./load-config.ts";
import { ConfigError, formatProblem } from "./problem.ts";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "weir-config-"));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(yaml: string | null, options: Partial<LoadConfigOptions> = {}) {
  if (yaml !== null) writeFileSync(join(cwd, "weir.yaml"), yaml);
  return loadConfig({ env: {}, flags: {}, cwd, ...options });
}

function problems(yaml: string | null, options: Partial<LoadConfigOptions> = {}): string[] {
  try {
    load(yaml, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

test("with nothing said, every setting has its default", () => {
  const config = load(null);
  expect(config.gateway).toEqual({ host: "127.0.0.1", port: 7777, behindTlsProxy: false });
  expect(config.console.port).toBe(7778);
  expect(config.metrics.port).toBe(7779);
  expect(config.ledger.commitIntervalMs).toBe(50);
  expect(config.limits.shutdownGraceMs).toBe(120_000);
  expect(config.control.tokenEnv).toBe("WEIR_CONTROL_TOKEN");
  expect(config.dataDir).toBe(join(cwd, ".weir"));
  expect(config.providers).toEqual([]);
});

test.each(["", "# nothing yet\n", "teams:\ngateway:\n"])(
  "a file that says nothing is a good file: %j",
  (yaml) => {
    expect(load(yaml).teams).toEqual([]);
  },
);

test("the configuration is frozen to its leaves", () => {
  const config = load("teams: [{ id: red, models: [gpt-*] }]");
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.gateway)).toBe(true);
  expect(Object.isFrozen(config.teams[0]?.models)).toBe(true);
});

test("defaults are filled into the items of lists", () => {
  const config = load("teams: [{ id: red }]\npeople: [{ id: ada, team: red }]");
  expect(config.teams).toEqual([
    { id: "red", costCenter: "", models: ["*"], tools: ["*"], unmeteredOperations: [] },
  ]);
  expect(config.people).toEqual([{ id: "ada", name: "", team: "red", roles: ["employee"] }]);
});

test("a flag wins over a variable, a variable over the file, the file over the default", () => {
  const yaml = "workers: 2\ngateway: { port: 1001 }\nconsole: { port: 1002 }";
  const env = { WEIR_GATEWAY_PORT: "2001", WEIR_CONSOLE_PORT: "2002" };
  const config = load(yaml, { env, flags: { gatewayPort: "3001" } });
  expect(config.gateway.port).toBe(3001);
  expect(config.console.port).toBe(2002);
  expect(config.workers).toBe(2);
  expect(config.metrics.port).toBe(7779);
});

test("an empty variable says nothing", () => {
  expect(load("workers: 2", { env: { WEIR_WORKERS: "" } }).workers).toBe(2);
});

test("paths of the file are relative to the file, others to the working directory", () => {
  mkdirSync(join(cwd, "etc", "rules"), { recursive: true });
  writeFileSync(join(cwd, "etc", "weir.yaml"), "dataDir: data\npolicies: { directory: rules }");
  const flags = { config: "etc/weir.yaml" };
  const config = load(null, { flags });
  expect(config.dataDir).toBe(join(cwd, "etc", "data"));
  expect(config.policies.directory).toBe(join(cwd, "etc", "rules"));
  const overridden = load(null, { flags, env: { WEIR_DATA_DIR: "elsewhere" } });
  expect(overridden.dataDir).toBe(join(cwd, "elsewhere"));
});

test("WEIR_CONFIG names the file, and a named file that is not there is a problem", () => {
  writeFileSync(join(cwd, "other.yaml"), "workers: 7");
  expect(load(null, { env: { WEIR_CONFIG: "other.yaml" } }).workers).toBe(7);
  expect(problems(null, { env: { WEIR_CONFIG: "none.yaml" } })).toEqual([
    expect.stringMatching(/none\.yaml: the file cannot be read \(ENOENT/),
  ]);
});

test("every problem is reported at once, each with its line", () => {
  const yaml = `workerz: 3
simulator: maybe
gateway:
  port: 99999
  host: 0.0.0.0
providers:
  - name: Bad Name
    dialect: opnai
    baseUrl: ftp://x
    models: []
people:
  - id: ada
    team: red
    roles: [boss]
ledger:
  commit: never
  commitIntervalMs: soon
`;
  expect(problems(yaml)).toEqual([
    expect.stringMatching(
      /^weir\.yaml:1:10: workerz: there is no such setting\. Did you mean "workers"\?/,
    ),
    "weir.yaml:4:9: gateway.port: must be <= 65535, not 99999",
    'weir.yaml:2:12: simulator: must be one of "auto", "on", "off", not "maybe"',
    expect.stringMatching(
      /^weir\.yaml:7:11: providers\[0\]\.name: must match .* "Bad Name" does not/,
    ),
    'weir.yaml:8:14: providers[0].dialect: must be one of "openai", "anthropic", "gemini", not "opnai"',
    expect.stringMatching(/^weir\.yaml:9:14: providers\[0\]\.baseUrl: must match/),
    "weir.yaml:10:13: providers[0].models: must have at least 1 item(s)",
    expect.stringMatching(/^weir\.yaml:14:13: people\[0\]\.roles\[0\]: must be one of "employee",/),
    'weir.yaml:16:11: ledger.commit: must be one of "interval", "sync", not "never"',
    'weir.yaml:17:21: ledger.commitIntervalMs: must be a whole number, not "soon"',
    expect.stringMatching(/^weir\.yaml:5:9: gateway\.host: "0\.0\.0\.0" can be reached/),
  ]);
});

test("what is missing is named, at the item that lacks it", () => {
  expect(problems("providers:\n  - name: a\n    dialect: openai\n")).toEqual([
    "weir.yaml:2:5: providers[0].baseUrl: is missing",
  ]);
});

test("broken YAML is a problem with its line", () => {
  expect(problems("gateway:\n  port: [1\nworkers: 2\n")[0]).toMatch(
    /^weir\.yaml:\d+:\d+: not valid YAML: /,
  );
  expect(problems("workers: 1\nworkers: 2\n")[0]).toMatch(/^weir\.yaml:2:1: .*unique/i);
  expect(problems("- a\n- b\n")).toEqual([
    "weir.yaml: must hold settings (`name: value`), nothing else",
  ]);
});

test("aliases of aliases do not fill the memory", () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const items =
      level === 0
        ? "[x, x, x]"
        : `[${Array(10)
            .fill(`*a${level - 1}`)
            .join(", ")}]`;
    return `a${level}: &a${level} ${items}`;
  });
  expect(problems(levels.join("\n"))[0]).toMatch(/not usable YAML/);
});

test("a variable or flag that is not a number is named by its own name", () => {
  const env = { WEIR_WORKERS: "many", WEIR_METRICS_PORT: "70000" };
  expect(problems(null, { env, flags: { gatewayPort: "-1" } })).toEqual([
    '--gateway-port: must be a whole number, not "-1"',
    'WEIR_WORKERS: must be a whole number, not "many"',
    "WEIR_METRICS_PORT: metrics.port: must be <= 65535, not 70000",
  ]);
});

test("a port that Kubernetes has set says how to be rid of it", () => {
  const env = { WEIR_GATEWAY_PORT: "tcp://10.0.0.1:7777" };
  expect(problems(null, { env })[0]).toMatch(/enableServiceLinks: false/);
});

test.each([
  [
    "teams",
    "teams: [{ id: red }, { id: red }]",
    'teams[1].id: "red" is already the id of teams[0]',
  ],
  [
    "people",
    "people: [{ id: ada, team: default }, { id: ada, team: default }]",
    'people[1].id: "ada" is already the id of people[0]',
  ],
  [
    "providers",
    "providers: [{ name: a, dialect: openai, baseUrl: http://a }, { name: a, dialect: openai, baseUrl: http://b }]",
    'providers[1].name: "a" is already the name of providers[0]',
  ],
])("the same id twice in %s is a problem", (_, yaml, expected) => {
  expect(problems(yaml)).toEqual([expect.stringContaining(expected)]);
});

test("a person's team must exist; without any team it is `default`", () => {
  expect(problems("people: [{ id: ada, team: default }]")).toEqual([]);
  expect(problems("teams: [{ id: red }]\npeople: [{ id: ada, team: blue }]")).toEqual([
    'weir.yaml:2:27: people[0].team: there is no team "blue". Known: red',
  ]);
});

test.each(["127.0.0.1", "127.9.9.9", "::1", "localhost"])("%s is loopback", (host) => {
  expect(problems(`gateway: { host: "${host}" }`)).toEqual([]);
});

test.each(["0.0.0.0", "::", "192.168.1.4", "weir.example.com", "127.0.0.1.example.com"])(
  "%s needs behindTlsProxy",
  (host) => {
    expect(problems(`console: { host: "${host}" }`)).toHaveLength(1);
    expect(problems(`console: { host: "${host}", behindTlsProxy: true }`)).toEqual([]);
  },
);

test("two listeners cannot have one port, unless it is any free one", () => {
  expect(problems("console: { port: 7777 }")).toEqual([
    expect.stringMatching(/console\.port: 7777 is also the port of gateway/),
  ]);
  expect(problems("gateway: { port: 0 }\nconsole: { port: 0 }\nmetrics: { port: 0 }")).toEqual([]);
});

test.each([
  ["https://user:pass@api.example.com/v1", /must not hold a password/],
  ["https://api.example.com/v1?key=abc", /must not have a query/],
  ["https://", /is not a URL/],
])("the base URL %s is refused", (url, expected) => {
  const yaml = `providers: [{ name: a, dialect: openai, baseUrl: "${url}" }]`;
  expect(problems(yaml)).toEqual([expect.stringMatching(expected)]);
});

test("the simulator's name is taken", () => {
  const yaml = "providers: [{ name: simulator, dialect: openai, baseUrl: http://a }]";
  expect(problems(yaml)).toEqual([expect.stringMatching(/providers\[0\]\.name: is the name of/)]);
});

test("a small spool needs no smaller segments: they are made to fit it", () => {
  expect(problems("ledger: { segmentBytes: 1048576, maxSpoolBytes: 1500000 }")).toEqual([]);
});

test("a policy folder that is not there is a problem", () => {
  expect(problems("policies: { directory: rules }")).toEqual([
    expect.stringMatching(/^weir\.yaml:1:24: policies\.directory: there is no folder/),
  ]);
});

test("a key written where its variable's name belongs is never shown", () => {
  const provider = "name: a, dialect: openai, baseUrl: http://a";
  const text = problems(`providers: [{ ${provider}, apiKeyEnv: sk-secret-1 }]`).join("\n");
  expect(text).toContain("never the key itself");
  expect(text).not.toContain("sk-secret-1");
  const unknown = problems(`providers: [{ ${provider}, apiKey: sk-secret-2 }]`).join("\n");
  expect(unknown).toContain('Did you mean "apiKeyEnv"?');
  expect(unknown).not.toContain("sk-secret-2");
});

test("a provider whose variable is not set is a problem, unless nobody calls it here", () => {
  const yaml = "providers: [{ name: a, dialect: openai, baseUrl: http://a, apiKeyEnv: A_KEY }]";
  expect(problems(yaml)).toEqual([expect.stringMatching(/^A_KEY: provider a: is not set/)]);
  expect(problems(yaml, { needsSecrets: false })).toEqual([]);
  expect(problems(yaml, { env: { A_KEY: "k" } })).toEqual([]);
});

test("__proto__ in the file is an unknown setting and pollutes nothing", () => {
  expect(problems("__proto__: { workers: 5 }")).toEqual([
    expect.stringMatching(/__proto__: there is no such setting/),
  ]);
  expect(({} as { workers?: number }).workers).toBeUndefined();
});
