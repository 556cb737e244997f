import { type ControlContext, recordChange } from "../../control/store/change.ts";
import { secretHash } from "../secret.ts";
import { type LogoutNotice, LogoutTokenError } from "./logout-token.ts";

/**
 * Ends the sessions that a verified logout token names: one by `sid`, or all of the subject's.
 * A token works once.
 *
 * @returns how many there were.
 * @throws {LogoutTokenError} for a token that has been used.
 */
export async function endProviderSessions(
  context: Omit<ControlContext, "actor">,
  notice: LogoutNotice,
): Promise<number> {
  const { issuer, subject, sid } = notice;
  const nowMs = context.now();
  return context.store.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("logoutTokens").where("expiresAtMs", "<=", nowMs).execute();
    const { numInsertedOrUpdatedRows: taken } = await transaction
      .insertInto("logoutTokens")
      .values({ hash: secretHash(`${issuer} ${notice.jti}`), expiresAtMs: notice.expiresAtMs })
      .onConflict((conflict) => conflict.column("hash").doNothing())
      .executeTakeFirstOrThrow();
    if (taken !== 1n) throw new LogoutTokenError("It has been used already.");
    let ending = transaction.deleteFrom("sessions").where("issuer", "=", issuer);
    if (subject !== null) ending = ending.where("subject", "=", subject);
    if (sid !== null) ending = ending.where("providerSession", "=", sid);
    const ended = await ending.returning(["personId", "endedAtMs"]).execute();
    const live = ended.filter(({ endedAtMs }) => endedAtMs === null);
    for (const { personId } of live) {
      await recordChange(
        transaction,
        { ...context, actor: "weir" },
        {
          action: "session.end",
          entityId: personId,
          before: null,
          after: { by: "identity provider" },
        },
      );
    }
    return live.length;
  });
}
