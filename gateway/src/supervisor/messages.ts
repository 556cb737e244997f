import type { Answer, Message } from "../budget/protocol.ts";
import type { Config } from "../config/schema.ts";

/** What the supervisor forks: one module each under command/child/. */
export type Role = "control" | "proxy" | "simulator";

export interface ControlSettings {
  readonly config: Config;
  readonly controlToken: string;
  readonly consoleDirectory: string;
  readonly ownerName: string;
  readonly version: string;
  /** Known already when control is started again. */
  readonly gatewayUrl: string | null;
}

export interface ControlFacts {
  readonly port: number;
  readonly consoleUrl: string;
  /** Null once it has been revoked. */
  readonly firstKey: string | null;
  readonly loginUrl: string;
}

export interface ProxySettings {
  readonly config: Config;
  /** Index, and name of the spool: a worker that is started again takes up where it left off. */
  readonly worker: number;
  readonly controlUrl: string;
  readonly controlToken: string;
  readonly version: string;
  readonly reusePort: boolean;
}

export interface ProxyFacts {
  readonly port: number;
  readonly url: string;
}

export interface SimulatorSettings {
  readonly host: string;
  readonly port: number;
}

export interface SimulatorFacts {
  readonly port: number;
  readonly url: string;
}

export type ToChild =
  | { readonly type: "start"; readonly settings: unknown }
  | { readonly type: "gateway-url"; readonly url: string }
  | { readonly type: "metrics"; readonly id: number }
  /** Null: the keeper cannot tell. */
  | { readonly type: "budget"; readonly id: number; readonly answers: readonly Answer[] | null }
  | { readonly type: "stop" };

export type FromChild =
  /** It listens; `facts` are those of its role. */
  | { readonly type: "up"; readonly facts: unknown }
  /** It can do its work. */
  | { readonly type: "serving" }
  /** It could not start. The message is for the operator. */
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "budget"; readonly id: number; readonly message: Message }
  | { readonly type: "metrics"; readonly id: number; readonly metrics: readonly object[] };
