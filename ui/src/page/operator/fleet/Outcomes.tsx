// How each agent of a bulk change fares, followed until all of them have ended.
import { Button, Group, Progress, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { isOver } from "~/api/operation";
import type { Operation } from "~/api/types";
import { share, whole } from "~/format/number";
import { Badge, StatusBadge } from "~/pattern/Badge";
import { STATUSES } from "~/pattern/state";
import classes from "./Fleet.module.css";
import type { BulkItem, BulkResult } from "./fleet";
import { Items } from "./Would";

const EVERY_MS = 2_000;
const PAGE = 200;
/** Pages of operations looked through for those of this change. */
const PAGES = 4;

type Status = Operation["status"];

/** Where each of these operations is, as far back as the newest few hundred reach. */
async function statuses(wanted: Set<string>): Promise<Map<string, Status>> {
  const found = new Map<string, Status>();
  let after: string | undefined;
  for (let at = 0; at < PAGES && found.size < wanted.size; at += 1) {
    const query = { limit: PAGE, after };
    const { items, next } = await body(api.GET("/api/v1/operator/operations", { params: { query } }));
    for (const { id, status } of items) if (wanted.has(id)) found.set(id, status);
    if (!next) break;
    after = next;
  }
  return found;
}

export function Outcomes({ result, onClose }: { result: BulkResult; onClose: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const begun = result.items.filter((item) => item.operation !== undefined);
  const ids = new Set(begun.map((item) => item.operation ?? ""));
  const query = useQuery({
    queryKey: [...keys.operator, "outcomes", [...ids]],
    queryFn: () => statuses(ids),
    enabled: ids.size > 0,
    refetchInterval: ({ state }) => (ended(state.data) < ids.size ? EVERY_MS : false),
  });
  const over = ended(query.data);
  const failed = [...(query.data?.values() ?? [])].filter((status) => status === "failed").length;
  return (
    <Stack gap="md">
      <div className={classes.progress} role="status">
        <span>{t("bulk.ended", { count: ids.size, over: whole(over), amount: whole(ids.size) })}</span>
        {failed > 0 && (
          <Badge look={STATUSES.failed}>{t("bulk.failed", { count: failed, amount: whole(failed) })}</Badge>
        )}
      </div>
      <Progress value={ids.size === 0 ? 100 : share(over, ids.size)} aria-label={t("bulk.progress")} />
      <Items
        label={t("bulk.each")}
        head={t("bulk.outcome")}
        items={result.items}
        end={(item) => <Fate item={item} status={query.data} />}
      />
      <Group justify="space-between" gap="xs">
        <Button component={Link} to="/operator/operations" variant="subtle">
          {t("bulk.operations")}
        </Button>
        <Button onClick={onClose}>{t("common:action.close")}</Button>
      </Group>
    </Stack>
  );
}

const ended = (found: Map<string, Status> | undefined): number =>
  [...(found?.values() ?? [])].filter((status) => isOver({ status })).length;

function Fate({ item, status }: { item: BulkItem; status: Map<string, Status> | undefined }) {
  const { t } = useTranslation("operator");
  if (!item.operation) return <span className={`${classes.reason} foreign`}>{item.reason ?? t("bulk.unchanged")}</span>;
  return <StatusBadge status={status?.get(item.operation) ?? "pending"} />;
}
