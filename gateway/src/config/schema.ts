import { Governance } from "./governance-schema.ts";
import { type Static, Type } from "typebox";
import { Ledger } from "./ledger-schema.ts";
import { Identity } from "./identity-schema.ts";
import { BudgetSetting } from "./budget-setting.ts";
import { PriceOverride } from "./price-override.ts";
import { Role } from "./sign-in-schema.ts";
import { Tls } from "./tls-schema.ts";

export { Role } from "./sign-in-schema.ts";

const strict = { additionalProperties: false } as const;
const port = Type.Integer({ minimum: 0, maximum: 65535, description: "0 = any free port" });

const listenerSettings = (defaultPort: number) => ({
  host: Type.String({ default: "127.0.0.1" }),
  port: { ...port, default: defaultPort },
  behindTlsProxy: Type.Boolean({
    default: false,
    description: "Confirms that a TLS proxy stands before an address that is not loopback",
  }),
});

const Listener = (defaultPort: number) => Type.Object(listenerSettings(defaultPort), strict);

export const ProviderDialect = Type.Union([
  Type.Literal("openai"),
  Type.Literal("anthropic"),
  Type.Literal("gemini"),
]);
export type ProviderDialect = Static<typeof ProviderDialect>;

export const Provider = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    dialect: ProviderDialect,
    /** OpenAI-compatible: with `/v1`, as for OpenAI's SDK. Anthropic and Gemini: without. */
    baseUrl: Type.String({ pattern: "^https?://" }),
    /** Name of the environment variable that holds the key; `<NAME>_FILE` names a file instead. */
    apiKeyEnv: Type.Optional(Type.String({ pattern: "^[A-Z_][A-Z0-9_]*$" })),
    /** Models this provider serves, `*` as wildcard. The first provider that matches gets the call. */
    models: Type.Array(Type.String({ minLength: 1 }), { default: ["*"], minItems: 1 }),
    /** Prices by model pattern, in place of the public table. The first pattern that matches holds. */
    prices: Type.Record(Type.String(), PriceOverride, { default: {} }),
    /** Answers under way at once; more wait for none and are refused or go to the next target. */
    maxConcurrent: Type.Optional(Type.Integer({ minimum: 1 })),
    /** In place of those under `limits`. */
    timeouts: Type.Optional(
      Type.Object(
        {
          connectMs: Type.Optional(Type.Integer({ minimum: 1 })),
          firstByteMs: Type.Optional(Type.Integer({ minimum: 1 })),
          idleMs: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        strict,
      ),
    ),
    /** The provider serves Responses over WebSocket; otherwise upgrades get 426. */
    webSocket: Type.Optional(Type.Boolean()),
    /** Send traceparent and tracestate to this provider. */
    forwardTraceContext: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** Where calls for an alias may go. */
export const AliasTarget = Type.Object(
  {
    provider: Type.String({ minLength: 1 }),
    model: Type.String({ minLength: 1 }),
    /** Share of the calls under `strategy: weighted`. */
    weight: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }),
  },
  strict,
);

/** A model name of our own that stands for models of providers. */
export const Alias = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 256 }),
    strategy: Type.Union([Type.Literal("ordered"), Type.Literal("weighted")], {
      default: "ordered",
      description: "ordered = the first that works; weighted = by share, the others as fallbacks",
    }),
    targets: Type.Array(AliasTarget, { minItems: 1, maxItems: 8 }),
  },
  strict,
);

export const Team = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    costCenter: Type.String({ default: "" }),
    models: Type.Array(Type.String({ minLength: 1 }), { default: ["*"] }),
    tools: Type.Array(Type.String({ minLength: 1 }), { default: ["*"] }),
    /** Operations whose use cannot be metered and is denied unless listed: `files.*`, `batches.*`, `passthrough`. */
    unmeteredOperations: Type.Array(Type.String({ minLength: 1 }), { default: [] }),
    /** Cap on the output tokens that one request may ask for. */
    maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  strict,
);

export const Person = Type.Object(
  {
    id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$" }),
    name: Type.String({ default: "" }),
    team: Type.String(),
    roles: Type.Array(Role, { default: ["employee"] }),
    /** Id of the person whom they report to. */
    manager: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$" })),
    /** In place of the team's. */
    costCenter: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  strict,
);

export const ConfigFile = Type.Object(
  {
    dataDir: Type.String({ default: ".weir" }),
    gateway: Type.Object({ ...listenerSettings(7777), tls: Type.Optional(Tls) }, strict),
    console: Listener(7778),
    metrics: Listener(7779),
    workers: Type.Integer({
      minimum: 0,
      maximum: 256,
      default: 0,
      description: "0 = cores less one",
    }),
    simulator: Type.Union([Type.Literal("auto"), Type.Literal("on"), Type.Literal("off")], {
      default: "auto",
      description: "auto = only while no other provider is configured",
    }),
    providers: Type.Array(Provider, { default: [] }),
    aliases: Type.Array(Alias, { default: [] }),
    routing: Type.Object(
      {
        retries: Type.Integer({
          minimum: 0,
          maximum: 5,
          default: 0,
          description: "Further tries at one target before its answer's first byte",
        }),
        backoffMs: Type.Integer({ minimum: 1, maximum: 60_000, default: 250 }),
        maxBackoffMs: Type.Integer({
          minimum: 1,
          maximum: 60_000,
          default: 5_000,
          description: "A Retry-After above this is not waited for",
        }),
        breakerFailures: Type.Integer({
          minimum: 1,
          default: 5,
          description: "Failures in a row after which a target is left alone",
        }),
        breakerOpenMs: Type.Integer({ minimum: 1, default: 30_000 }),
      },
      strict,
    ),
    metering: Type.Object(
      {
        onClientAbort: Type.Union([Type.Literal("cancel"), Type.Literal("drain")], {
          default: "cancel",
          description:
            "cancel = stop the provider and estimate its bill; drain = read on for the bill",
        }),
        drainMaxTokens: Type.Integer({ minimum: 1, default: 4_096 }),
        drainMaxMs: Type.Integer({ minimum: 1, default: 30_000 }),
        estimate: Type.Boolean({
          default: true,
          description: "Estimate with a tokenizer what a broken-off answer has used",
        }),
      },
      strict,
    ),
    teams: Type.Array(Team, { default: [] }),
    people: Type.Array(Person, { default: [] }),
    identity: Identity,
    budgets: Type.Array(BudgetSetting, { default: [], maxItems: 1_000 }),
    governance: Governance,
    policies: Type.Object(
      {
        directory: Type.String({
          default: "",
          description: "Folder of .rego files; empty = the starter set that comes with Weir",
        }),
      },
      strict,
    ),
    limits: Type.Object(
      {
        maxBodyBytes: Type.Integer({ minimum: 1024, default: 33_554_432 }),
        /** Uploads (audio, images, files) stream through; this bounds one of them. */
        maxUploadBytes: Type.Integer({ minimum: 1024, default: 536_870_912 }),
        connectTimeoutMs: Type.Integer({ minimum: 1, default: 10_000 }),
        firstByteTimeoutMs: Type.Integer({ minimum: 1, default: 600_000 }),
        idleTimeoutMs: Type.Integer({ minimum: 1, default: 300_000 }),
        shutdownGraceMs: Type.Integer({ minimum: 0, default: 120_000 }),
        /** What budgets reserve for the answer to a request that sets no cap on it. */
        assumedOutputTokens: Type.Integer({ minimum: 1, default: 16_384 }),
        /** Where several machines share their counters; empty = each counts by itself. */
        valkeyUrl: Type.String({ default: "" }),
        valkeyPasswordEnv: Type.String({
          pattern: "^([A-Z_][A-Z0-9_]*)?$",
          default: "WEIR_VALKEY_PASSWORD",
          description: "Environment variable with the password, if one is needed",
        }),
        /** Machines that share the counters: what each may spend alone while Valkey is out of reach. */
        replicas: Type.Integer({ minimum: 1, maximum: 1_000, default: 1 }),
      },
      strict,
    ),
    ledger: Ledger,
    audit: Type.Object(
      {
        signingKeyFile: Type.String({
          default: "",
          description: "PEM of an Ed25519 key; empty = one of its own in the data directory",
        }),
        headIntervalMs: Type.Integer({ minimum: 100, maximum: 3_600_000, default: 60_000 }),
        /** Where heads go besides: they show a log that was rewritten together with its heads. */
        publishTo: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          maxItems: 8,
          description: "Paths of files, or http(s) URLs that take each head by POST",
        }),
      },
      strict,
    ),
    control: Type.Object(
      {
        /** Where a proxy that runs apart finds control; empty = control's own console address. */
        url: Type.String({ default: "" }),
        /** Environment variable with the secret that proxies and control share when they run apart. */
        tokenEnv: Type.String({ default: "WEIR_CONTROL_TOKEN" }),
        /** `postgres://…` without a password; empty = SQLite in the data directory. */
        databaseUrl: Type.String({ default: "" }),
        /** Environment variable with a URL that may hold one, and that wins; or `<NAME>_FILE`. */
        databaseUrlEnv: Type.String({
          pattern: "^[A-Z_][A-Z0-9_]*$",
          default: "WEIR_DATABASE_URL",
        }),
      },
      strict,
    ),
  },
  strict,
);

type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The whole configuration: every default filled in, frozen, no secret among its values. */
export type Config = DeepReadonly<Static<typeof ConfigFile>>;
export type ProviderConfig = Config["providers"][number];
