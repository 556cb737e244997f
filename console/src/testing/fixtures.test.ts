import {
  AccessPage,
  DecisionPage,
  LedgerReport,
  Me,
  OwnUsage,
  UnpricedModels,
} from "@weir/gateway/contracts";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import {
  accessPage,
  decisionPage,
  ledgerStatus,
  me,
  neverUsed,
  quietUsage,
  unpricedModels,
  usage,
} from "./fixtures.ts";

test("what the view tests feed the console is what the API's contracts allow", () => {
  expect(Value.Errors(Me, me)).toEqual([]);
  for (const each of [usage, quietUsage, neverUsed]) {
    expect(Value.Errors(OwnUsage, each)).toEqual([]);
  }
  expect(Value.Errors(DecisionPage, decisionPage)).toEqual([]);
  expect(Value.Errors(AccessPage, accessPage)).toEqual([]);
  expect(Value.Errors(UnpricedModels, unpricedModels)).toEqual([]);
  expect(Value.Errors(LedgerReport, ledgerStatus)).toEqual([]);
});
