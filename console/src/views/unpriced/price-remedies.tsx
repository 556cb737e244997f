import type { UnpricedModel } from "@weir/gateway/contracts";
import { Code } from "@mantine/core";
import type { ReactElement } from "react";
import { Card } from "../../parts/card.tsx";
import { Snippet } from "../../parts/snippet.tsx";
import classes from "./price-remedies.module.css";
import { priceLines, recomputeCommand } from "./price-lines.ts";

/** How models get a price, and how calls on record get a cost. */
export function PriceRemedies({
  models,
}: {
  readonly models: readonly UnpricedModel[];
}): ReactElement {
  const needy = models.filter(({ hasPriceNow }) => !hasPriceNow);
  return (
    <>
      {needy.length === 0 ? null : (
        <Card
          title="Give them a price"
          description={
            <>
              Add the prices to the providers of that name in weir.yaml, fill in USD per million
              tokens, and start Weir again. A model on hardware of your own takes{" "}
              <Code className={classes["whole"] ?? ""}>{"{ gpuSecond: … }"}</Code>, one that costs
              nothing <Code className={classes["whole"] ?? ""}>{"{ free: true }"}</Code>.{" "}
              <Code>*</Code> in a name stands for anything.
            </>
          }
        >
          <Snippet label="weir.yaml" code={priceLines(needy)} />
        </Card>
      )}
      <Card
        title="Then give the calls on record their cost"
        description="Prices everything anew that is on record for these days. It writes corrections and changes no row; without --yes it only says what would change."
      >
        <Snippet label="Recompute" code={recomputeCommand(models)} inline />
      </Card>
    </>
  );
}
