import type { DecisionItem } from "@weir/gateway/contracts";
import { Group, Title } from "@mantine/core";
import { Fragment, type ReactElement, type ReactNode } from "react";
import { formatInstant } from "../../format/clock.ts";
import { formatMicros } from "../../format/duration.ts";
import { CopyAction } from "../../parts/copy-action.tsx";
import classes from "./decision-drawer.module.css";
import { describePoint, isAlias, verdictOf, whyOf } from "./describe-decision.ts";
import { describeObligation } from "./describe-obligation.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

const orNone = (text: string): string => (text === "" ? "none" : text);

function factsOf(item: DecisionItem): readonly (readonly [string, ReactNode])[] {
  return [
    ["Decision point", describePoint(item.point)],
    ["Operation", orNone(item.operation)],
    ["Model", orNone(item.model)],
    ...(isAlias(item) ? [["Asked for as", item.modelRequested] as const] : []),
    ["Provider", orNone(item.provider)],
    ["Wire format", orNone(item.dialect)],
    ["Tools offered", orNone(item.toolNames.join(", "))],
    ["Policy revision", <code key="revision">{orNone(item.revision)}</code>],
    ["Evaluated in", formatMicros(item.evalMicros)],
    ["Call id", <code key="call">{item.callId}</code>],
    ["Decision id", <code key="decision">{item.id}</code>],
  ];
}

function Rules({ rules }: Pick<DecisionItem, "rules">): ReactElement {
  if (rules.length === 0) {
    return <p className={classes["soft"]}>No rule matched: what nothing allows is denied.</p>;
  }
  return (
    <ul className={classes["rules"]}>
      {rules.map((rule) => (
        <li key={rule.id}>
          <code>{rule.id}</code>
          <div>{rule.reason}</div>
          <div className={classes["soft"]}>Owner: {orNone(rule.owner)}</div>
        </li>
      ))}
    </ul>
  );
}

interface DecisionDetailsProps {
  readonly item: DecisionItem;
  readonly timeZone: string;
}

/** Everything that is on record about one decision. */
export function DecisionDetails({ item, timeZone }: DecisionDetailsProps): ReactElement {
  const link = new URL(
    `/decisions?decision=${encodeURIComponent(item.id)}`,
    globalThis.location.origin,
  );
  return (
    <div className={classes["body"]}>
      <div>
        <VerdictBadge verdict={verdictOf(item)} />
        <p className={classes["why"]}>{whyOf(item)}</p>
        <p className={classes["when"]}>{formatInstant(item.decidedAtMs, timeZone)}</p>
      </div>
      {item.obligations.length === 0 ? null : (
        <div>
          <Title order={3} className={classes["heading"] ?? ""}>
            What policy changed
          </Title>
          <ul className={classes["rules"]}>
            {item.obligations.map(describeObligation).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <Title order={3} className={classes["heading"] ?? ""}>
          Rules
        </Title>
        <Rules rules={item.rules} />
      </div>
      <div>
        <Title order={3} className={classes["heading"] ?? ""}>
          The call
        </Title>
        <dl className={classes["facts"]}>
          {factsOf(item).map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
      <Group gap="xs">
        <CopyAction value={link.href} label="Copy link" />
        <CopyAction value={item.callId} label="Copy call id" />
      </Group>
    </div>
  );
}
