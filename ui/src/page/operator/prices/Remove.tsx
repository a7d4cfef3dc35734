// Removing a price of the operator's own: said before it happens what holds then.
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { dollars } from "~/format/dollars";
import { Confirm } from "~/pattern/Confirm";
import { useNow } from "~/pattern/Time";
import { type Group, type Price, pricesQuery, when } from "./prices";

export function Remove({ price, group, onClose }: { price: Price; group: Group; onClose: () => void }) {
  const { t } = useTranslation("operator");
  const cache = useQueryClient();
  const now = useNow();
  const { model } = group;
  // Rows stand from the newest down: the next one that has begun takes its place.
  const then = group.rows.find((row) => row !== price && when(row, now) !== "coming");
  const remove = useMutation({
    mutationFn: () => done(api.DELETE("/api/v1/operator/prices/{id}", { params: { path: { id: price.id ?? "" } } })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: pricesQuery.queryKey });
      notifications.show({ message: t("prices.removed", { model }) });
      onClose();
    },
  });
  const after = () => {
    if (!price.current) return t("prices.remove_other");
    if (!then) return t(group.tier === "standard" && group.from === 0 ? "prices.remove_none" : "prices.remove_wider");
    const { input_nano_usd, output_nano_usd } = then.prices;
    return t("prices.remove_then", { input: dollars(input_nano_usd), output: dollars(output_nano_usd) });
  };
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("prices.remove_title", { model })}
      verb={t("prices.remove")}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <p className="foreign">{after()}</p>
      <p>{t("prices.remove_words")}</p>
    </Confirm>
  );
}
