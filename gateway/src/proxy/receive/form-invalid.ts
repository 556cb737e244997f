import { Refusal } from "../refusal.ts";

export function formInvalid(advice: string, cause?: unknown): Refusal {
  return new Refusal("WEIR_FORM_INVALID", {
    message: `The request body is not a form that can be decided on. ${advice}`,
    cause,
  });
}
