// For whom a limit is: one of all tenants, looked up while one types, or the platform's keys of a vendor.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { providersQuery } from "~/feature/model/catalogue";

interface Props {
  value: string;
  onChange: (value: string) => void;
  error?: ReactNode;
}

const PAUSE_MS = 200;
const OFFERED = 20;

export function TenantPick({ value, onChange, error }: Props) {
  const { t } = useTranslation("operator");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const [chosen, setChosen] = useState<{ value: string; label: string }>();
  // The field shows what was chosen; that is no search.
  const wanted = q === chosen?.label ? undefined : q || undefined;
  const { data, isFetching } = useQuery({
    queryKey: [...keys.operator, "tenants", "pick", wanted],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/operator/tenants", { params: { query: { q: wanted, limit: OFFERED } }, signal })),
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? []).map((tenant) => ({ value: tenant.id, label: labelOf(tenant) }));
  const options = chosen && !found.some((one) => one.value === chosen.value) ? [chosen, ...found] : found;
  return (
    <Select
      label={t("limits.tenant.who")}
      placeholder={t("tenants.search")}
      searchable
      openOnFocus={false}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={isFetching ? t("limits.looking") : t("list.no_value")}
      comboboxProps={{ shadow: "md" }}
      data={options}
      value={value || null}
      onChange={(id, option) => {
        setChosen(option ? { value: option.value, label: option.label } : undefined);
        onChange(id ?? "");
      }}
      error={error}
      data-autofocus
    />
  );
}

/** Both that the server searches in, so that what is shown narrows at once and not only with its answer. */
const labelOf = ({ id, owner, name }: { id: string; owner: string; name: string }): string =>
  name && owner && name !== owner ? `${owner} · ${name}` : owner || name || id;

export function KeyPick({ value, onChange, error }: Props) {
  const { t } = useTranslation("operator");
  const { data = [] } = useQuery(providersQuery);
  // Only a key that the platform has can be charged.
  const held = data.filter((provider) => provider.platform_key);
  return (
    <Select
      label={t("limits.key.who")}
      placeholder={t("limits.key.placeholder")}
      description={held.length === 0 ? t("limits.key.none") : undefined}
      comboboxProps={{ shadow: "md" }}
      data={held.map(({ id, name }) => ({ value: `key_${id}`, label: name }))}
      value={value || null}
      onChange={(id) => onChange(id ?? "")}
      error={error}
      data-autofocus
    />
  );
}
