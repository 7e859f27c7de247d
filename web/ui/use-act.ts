import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { ApiProblem } from "../api/client.ts";
import { toFormErrors } from "../api/form-errors.ts";

/**
 * One act of a form: runs, shows the server's failures at their fields, and keeps the rest as `error`.
 * What was typed stays whatever happens.
 */
export function useFormAct<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  act: (values: Values) => Promise<void>,
) {
  const [error, setError] = useState<Error | null>(null);
  const [isPending, setPending] = useState(false);
  const submit = form.onSubmit(async (values) => {
    setError(null);
    setPending(true);
    try {
      await act(values);
    } catch (thrown) {
      setError(showAtFields(form, thrown as Error));
    } finally {
      setPending(false);
    }
  });
  return { submit, error, isPending };
}

/** @returns what no field of the form can show, or null. */
function showAtFields<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: Error,
): Error | null {
  if (!(error instanceof ApiProblem) || error.code !== "invalid-request") return error;
  const errors = toFormErrors(error.errors);
  const values = form.getValues();
  const [firstField] = Object.keys(errors);
  if (firstField === undefined) return error;
  form.setErrors(errors);
  form.getInputNode(firstField)?.focus();
  const hasField = Object.keys(errors).every((path) =>
    Object.hasOwn(values, path.split(".")[0] ?? ""),
  );
  return hasField ? null : error;
}
