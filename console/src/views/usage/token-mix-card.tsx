import type { ReactElement } from "react";
import { colorVariable } from "../../charts/palette.ts";
import type { TokenMix } from "../../charts/prepare/token-mix.ts";
import { Card } from "../../parts/card.tsx";
import { InfoTip } from "../../parts/info-tip.tsx";
import classes from "./token-mix-card.module.css";

/** Tokens by class: a bar for the proportions, the figures under it. */
export function TokenMixCard({ mix }: { readonly mix: TokenMix }): ReactElement {
  return (
    <Card
      title="Tokens by class"
      description={<span title={mix.totalExact}>{mix.total} in all; each token counted once</span>}
      actions={
        <InfoTip label="What the token classes mean">
          <dl className={classes["meanings"]}>
            {mix.parts.map((part) => (
              <div key={part.key}>
                <dt>{part.label}</dt>
                <dd>{part.meaning}.</dd>
              </div>
            ))}
          </dl>
        </InfoTip>
      }
    >
      <div className={classes["bar"]} aria-hidden>
        {mix.parts
          .filter((part) => part.fraction > 0)
          .map((part) => (
            <span
              key={part.key}
              className={classes["part"]}
              style={{ flexGrow: part.fraction, background: colorVariable(part.color) }}
            />
          ))}
      </div>
      <dl className={classes["parts"]}>
        {mix.parts.map((part) => (
          <div key={part.key}>
            <dt className={classes["label"]}>
              <span
                className={classes["swatch"]}
                style={{ background: colorVariable(part.color) }}
              />
              {part.label}
            </dt>
            <dd className={classes["value"]} title={part.exact}>
              {part.value}
              <span className={classes["share"]}>{part.share}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
