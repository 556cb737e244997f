import { Button, TextInput } from "@mantine/core";
import type { FormEvent, ReactElement } from "react";
import classes from "./device-view.module.css";

interface CodeFormProps {
  readonly code: string;
  readonly onChange: (code: string) => void;
  readonly onSubmit: () => void;
  readonly isBusy: boolean;
}

export function CodeForm({ code, onChange, onSubmit, isBusy }: CodeFormProps): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} className={classes["form"]}>
      <TextInput
        label="Code"
        placeholder="WDJB-MJHT"
        value={code}
        onChange={(event) => onChange(event.currentTarget.value.toUpperCase())}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        minLength={8}
        maxLength={20}
        required
        size="md"
      />
      <Button type="submit" loading={isBusy} size="md">
        Continue
      </Button>
    </form>
  );
}
