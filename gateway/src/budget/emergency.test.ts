import { expect, test } from "vitest";
import { Emergency } from "./emergency.ts";
import type { Answer, Charge, Position } from "./protocol.ts";

const key = "b|0|x";
const charge = (amount: number, limit = 100): Charge => ({
  key,
  amount,
  limit,
  expiresAtMs: 1,
  mustFit: false,
  soft: false,
});

/** Calls of one, one after the other, until one is refused. */
function grantedBy(emergency: Emergency, own: Position[], limit = 100): number {
  const [first] = own;
  let held = first?.held ?? 0;
  for (let granted = 0; granted < 1_000; granted += 1) {
    const positions = own.map((position) => Object.assign({}, position, { held }));
    const [answer]: (Answer | undefined)[] = emergency.exchange({
      positions,
      wants: [[charge(1, limit)]],
    });
    if (answer?.granted !== true) return granted;
    held += 1;
  }
  return Infinity;
}

const at = (spent: number, held = 0): Position[] => [{ key, spent, held, expiresAtMs: 1 }];

test("of what was left when all were last heard each of N may spend half a share", () => {
  const emergency = new Emergency(2);
  emergency.heard(key, 60);
  expect(grantedBy(emergency, at(20))).toBe(10);
});

test("all replicas together stay within the limit though each has heard too little", () => {
  const replicas = [new Emergency(3), new Emergency(3), new Emergency(3)];
  const spent = [30, 10, 20];
  // 60 are spent; the last 10 of them one of them has not heard of, and 20 another has not.
  const heard = [60, 50, 40];
  let total = 60;
  for (const [index, emergency] of replicas.entries()) {
    emergency.heard(key, heard[index] ?? 0);
    total += grantedBy(emergency, at(spent[index] ?? 0));
  }
  expect(total).toBeLessThanOrEqual(100);
});

test("one that has never heard of a counter may spend a whole share of the limit", () => {
  expect(grantedBy(new Emergency(4), at(0))).toBe(25);
});

test("a single machine loses nothing by the outage", () => {
  const emergency = new Emergency(1);
  emergency.heard(key, 60);
  expect(grantedBy(emergency, at(60))).toBe(40);
});

test("a longer outage gives no second share, the next outage does", () => {
  const emergency = new Emergency(2);
  emergency.heard(key, 0);
  expect(grantedBy(emergency, at(0))).toBe(25);
  expect(grantedBy(emergency, at(25))).toBe(0);
  emergency.end();
  emergency.heard(key, 60);
  expect(grantedBy(emergency, at(25))).toBe(10);
});

test("a call that does not fit is refused whole, and charges of one call count together", () => {
  const emergency = new Emergency(1);
  emergency.heard(key, 95);
  const answers = emergency.exchange({
    positions: at(95),
    wants: [[charge(6)], [charge(5)], [charge(1)]],
  });
  expect(answers.map(({ granted }) => granted)).toEqual([false, true, false]);
});
