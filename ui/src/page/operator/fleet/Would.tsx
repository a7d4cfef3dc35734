// The dry run: who would change, and who would not and why.
import { useTranslation } from "react-i18next";
import type { State } from "~/api/types";
import { whole } from "~/format/number";
import { StateBadge } from "~/pattern/Badge";
import { STATES } from "~/pattern/state";
import { VirtualTable } from "~/pattern/VirtualTable";
import classes from "./Fleet.module.css";
import type { Action, BulkItem, BulkResult } from "./fleet";

export function Would({ action, result }: { action: Action; result: BulkResult }) {
  const { t } = useTranslation("operator");
  const change = result.items.filter(({ effect }) => effect !== "none");
  const stay = result.items.filter(({ effect }) => effect === "none");
  return (
    <div className={classes.would}>
      <p className={classes.what}>{t(`bulk.what.${action}`)}</p>
      {change.length > 0 && (
        <Part
          title={t(`bulk.change.${action}`, { count: change.length, amount: whole(change.length) })}
          items={change}
        />
      )}
      {stay.length > 0 && (
        <Part title={t("bulk.stay", { count: stay.length, amount: whole(stay.length) })} items={stay} why />
      )}
    </div>
  );
}

function Part({ title, items, why }: { title: string; items: BulkItem[]; why?: boolean }) {
  const { t } = useTranslation("operator");
  return (
    <section className={classes.part} aria-label={title}>
      <h3 className={classes.partTitle}>{title}</h3>
      <Items
        label={title}
        head={why ? t("bulk.why") : t("bulk.now")}
        items={items}
        end={(item) => (why ? <Reason item={item} /> : <Now item={item} />)}
      />
    </section>
  );
}

const ROW = 44;
/** More rows than this are scrolled. */
const SHOWN = 5;

interface ItemsProps {
  label: string;
  /** Above the second column. */
  head: string;
  items: BulkItem[];
  end: (item: BulkItem) => React.ReactNode;
}

export function Items({ label, head, items, end }: ItemsProps) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.items}>
      <VirtualTable
        label={label}
        rows={items}
        rowKey={(item) => item.instance}
        rowHeight={ROW}
        height={`${Math.min(items.length, SHOWN) * ROW + ROW}px`}
        columns={[
          { id: "slug", header: t("fleet.agent"), width: "minmax(0, 1fr)", cell: (item) => <Who item={item} /> },
          { id: "end", header: head, width: "minmax(0, 1fr)", cell: end },
        ]}
      />
    </div>
  );
}

const Who = ({ item }: { item: BulkItem }) => (
  <div className={classes.who}>
    <span className="truncate foreign">{item.slug}</span>
    <span className={`${classes.soft} truncate foreign`}>{item.owner}</span>
  </div>
);

const isState = (name: string): name is State => name in STATES;

function Now({ item }: { item: BulkItem }) {
  return isState(item.state) ? <StateBadge state={item.state} /> : <span>{item.state}</span>;
}

const Reason = ({ item }: { item: BulkItem }) => (
  <span className={`${classes.reason} foreign`} title={item.reason ?? undefined}>
    {item.reason}
  </span>
);
