// How a form meets the server: one submit at a time, the server's complaint at its field, everything typed kept.
import type { UseFormReturnType } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { ApiError } from "~/api/error";
import { useWords } from "./Failure";

interface Options<V, R> {
  send: (values: V) => Promise<R>;
  onDone?: (result: R, values: V) => void;
  /** The form's name of a field of the API, where they differ. */
  fields?: Record<string, string>;
}

/** Gives `submit` for the form and the error that belongs to no field. */
export function useSubmit<V extends Record<string, unknown>, R>(form: UseFormReturnType<V>, options: Options<V, R>) {
  const words = useWords();
  const mutation = useMutation({
    mutationFn: options.send,
    onSuccess: (result, values) => options.onDone?.(result, values),
    onError: (error) => {
      const field = fieldOf(error, form.getValues(), options.fields);
      if (field && error instanceof ApiError)
        form.setFieldError(field, [words(error), error.hint].filter(Boolean).join(" "));
    },
  });
  const placed = fieldOf(mutation.error, form.getValues(), options.fields) !== undefined;
  return {
    submit: form.onSubmit(
      (values) => {
        if (!mutation.isPending) mutation.mutate(values);
      },
      (_errors, _values, event) => toFirstMistake(event?.currentTarget),
    ),
    busy: mutation.isPending,
    error: placed ? null : mutation.error,
    reset: mutation.reset,
  };
}

/** In a form longer than the screen a mistake may be out of sight. The fields are marked one drawing later. */
function toFirstMistake(form: EventTarget | null | undefined) {
  if (!(form instanceof HTMLElement)) return;
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}

function fieldOf(
  error: unknown,
  values: Record<string, unknown>,
  names: Record<string, string> = {},
): string | undefined {
  if (!(error instanceof ApiError) || !error.field) return undefined;
  const field = names[error.field] ?? error.field;
  return field in values ? field : undefined;
}
