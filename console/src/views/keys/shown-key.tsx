import { Button, Group, Stack } from "@mantine/core";
import type { ReactElement } from "react";
import { Card } from "../../parts/card.tsx";
import { Snippet } from "../../parts/snippet.tsx";

interface ShownKeyProps {
  readonly name: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** A key, the one time that it can be seen. */
export function ShownKey({ name, secret, onDone }: ShownKeyProps): ReactElement {
  return (
    <section aria-live="polite" aria-label="Your new key">
      <Card
        title={`The key “${name}”`}
        description="Copy it now: it is shown this once, and nobody can show it again."
      >
        <Stack gap={12}>
          <Snippet label="Key" code={secret} inline />
          <Group>
            <Button variant="default" onClick={onDone}>
              I have copied it
            </Button>
          </Group>
        </Stack>
      </Card>
    </section>
  );
}
