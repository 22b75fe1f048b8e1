import { AS_USUAL } from "../views/form.ts";

interface Value {
  readonly value?: string | null | undefined;
  readonly selected_option?: { readonly value?: string | undefined } | null | undefined;
  readonly selected_options?: readonly { readonly value?: string | undefined }[] | undefined;
}

const textOf = ({ value, selected_option, selected_options }: Value): string =>
  value ?? selected_option?.value ?? (selected_options ?? []).map((one) => one.value ?? "").join(",");

/** `view.state.values`, which has an action in each block, as text by block; what is empty or as usual is left out. */
export const filledOf = (
  values: Readonly<Record<string, Readonly<Record<string, Value>>>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values)
      .map(([block, actions]) => [block, Object.values(actions).map(textOf).join("")] as const)
      .filter(([, text]) => text !== "" && text !== AS_USUAL),
  );
