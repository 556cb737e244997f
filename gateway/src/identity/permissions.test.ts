import { expect, test } from "vitest";
import { isPermitted } from "./permissions.ts";

test("every role reads its own usage, and no role reads anything by being unknown", () => {
  for (const role of ["employee", "manager", "security", "finance", "auditor", "admin"]) {
    expect(isPermitted([role], "usage:read-own")).toBe(true);
  }
  for (const role of ["", "root", "constructor", "__proto__", "toString"]) {
    expect(isPermitted([role], "usage:read-own")).toBe(false);
  }
  expect(isPermitted([], "usage:read-own")).toBe(false);
});

test("managing everybody's keys is the admin's alone", () => {
  for (const role of ["employee", "manager", "security", "finance", "auditor"]) {
    expect(isPermitted([role], "keys:manage")).toBe(false);
  }
  expect(isPermitted(["employee", "admin"], "keys:manage")).toBe(true);
});

test("models without a price are seen by finance and admins, and prices recomputed by admins", () => {
  for (const role of ["finance", "admin"]) expect(isPermitted([role], "prices:read")).toBe(true);
  for (const role of ["employee", "manager", "security", "auditor"]) {
    expect(isPermitted([role], "prices:read")).toBe(false);
  }
  expect(isPermitted(["finance"], "prices:recompute")).toBe(false);
  expect(isPermitted(["admin"], "prices:recompute")).toBe(true);
});

test("policies and ledger are seen by those who run or watch Weir", () => {
  for (const role of ["security", "auditor", "admin"]) {
    expect(isPermitted([role], "policies:read")).toBe(true);
    expect(isPermitted([role], "ledger:read")).toBe(true);
  }
  for (const role of ["employee", "manager", "finance"]) {
    expect(isPermitted([role], "policies:read")).toBe(false);
  }
});
