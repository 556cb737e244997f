import { describe, expect, test } from "vitest";
import { controlToken } from "../testing/control-fixture.ts";
import { start } from "../testing/delegation-fixture.ts";
import { publishedAheadMs, publishedForMs, rotateAfterMs, SigningKeys } from "./signing-keys.ts";

describe("signing keys", () => {
  test("a new key is published before it signs, and the old one until its tokens are over", async () => {
    const { context, clock } = await start();
    const keys = new SigningKeys(context, controlToken);
    const first = await keys.current();
    clock.nowMs += rotateAfterMs;
    expect((await keys.current()).kid).toBe(first.kid);
    expect(await keys.published()).toHaveLength(2);
    clock.nowMs += publishedAheadMs;
    const second = await keys.current();
    expect(second.kid).not.toBe(first.kid);
    expect((await keys.published()).map(({ kid }) => kid)).toContain(first.kid);
    clock.nowMs += publishedForMs - rotateAfterMs - publishedAheadMs;
    expect((await keys.published()).map(({ kid }) => kid)).not.toContain(first.kid);
  });

  test("attack: the store alone signs nothing: without the control token a key stays sealed", async () => {
    const { context, store } = await start();
    const { kid } = await new SigningKeys(context, controlToken).current();
    const thief = await new SigningKeys(context, "another token").current();
    expect(thief.kid).not.toBe(kid);
    const rows = await store.selectFrom("signingKeys").select("sealedPrivateKey").execute();
    expect(JSON.stringify(rows)).not.toContain('"d"');
  });
});
