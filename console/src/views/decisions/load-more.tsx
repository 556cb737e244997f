import { Button } from "@mantine/core";
import type { ReactElement } from "react";
import { formatNoun } from "../../format/numbers.ts";
import classes from "./decisions-view.module.css";

interface LoadMoreProps {
  readonly count: number;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

export function LoadMore({ count, hasMore, loading, onMore }: LoadMoreProps): ReactElement {
  return (
    <div className={classes["more"]}>
      {hasMore ? (
        <Button variant="default" onClick={onMore} loading={loading}>
          Load more
        </Button>
      ) : null}
      <output>
        {hasMore
          ? `${formatNoun(count, "decision")} shown`
          : `All ${formatNoun(count, "decision")} shown`}
      </output>
    </div>
  );
}
