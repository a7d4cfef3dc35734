// Day by day and model by model. Where the sides differ by more than a thousandth, it is said in colour and with a sign.
import { Switch } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { dollars } from "~/format/dollars";
import { whole } from "~/format/number";
import { day } from "~/format/time";
import { Empty } from "~/pattern/Empty";
import { Hint } from "~/pattern/Hint";
import { type Column, VirtualTable } from "~/pattern/VirtualTable";
import list from "../list/List.module.css";
import classes from "./Invoice.module.css";
import { amount, isOff, type Column as Key, type Order, ordered, pressed, type Row, signed } from "./invoice";

export function Rows({ rows }: { rows: Row[] }) {
  const { t } = useTranslation("operator");
  const off = useMemo(() => rows.filter(isOff), [rows]);
  const [only, setOnly] = useState(off.length > 0);
  const [order, setOrder] = useState<Order>({ by: "day", descending: false });
  const shown = useMemo(() => ordered(only ? off : rows, order), [rows, off, only, order]);
  const columns = useColumns();
  return (
    <section className={classes.rows} aria-label={t("invoice.rows")}>
      <div className={classes.rowsHead}>
        <h2 className={classes.title}>{t("invoice.rows")}</h2>
        <span className={list.soft}>
          {t("invoice.of", { count: off.length, off: whole(off.length), all: whole(rows.length) })}
        </span>
        <Switch
          size="xs"
          label={t("invoice.only")}
          checked={only}
          onChange={(event) => setOnly(event.currentTarget.checked)}
        />
      </div>
      <VirtualTable
        label={t("invoice.rows")}
        rows={shown}
        columns={columns}
        card={{ height: 76, show: (row) => <Card row={row} /> }}
        rowHeight={48}
        rowKey={(row) => `${row.day} ${row.model}`}
        sort={order}
        onSort={(by) => setOrder((now) => pressed(now, by as Key))}
        empty={<Empty icon={IconCheck} title={t("invoice.none_off")} />}
      />
    </section>
  );
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation("operator");
  return useMemo(() => {
    const figure = (id: Key, cell: Column<Row>["cell"]) => ({
      id,
      header: t(`invoice.head.${id}`),
      width: "minmax(0, 1fr)",
      align: "end" as const,
      sortable: true,
      cell,
    });
    return [
      { id: "day", header: t("invoice.head.day"), width: "72px", sortable: true, cell: (row) => day(row.day) },
      {
        id: "model",
        header: t("invoice.head.model"),
        width: "minmax(0, 1.6fr)",
        sortable: true,
        cell: (row) => <Model row={row} />,
      },
      figure("invoice", (row) => <Exact nano={row.invoice_nano_usd}>{amount(row.invoice_nano_usd)}</Exact>),
      figure("ledger", (row) => <Exact nano={row.ledger_nano_usd}>{amount(row.ledger_nano_usd)}</Exact>),
      figure("drift", (row) => <Drift row={row} />),
    ];
  }, [t]);
}

function Model({ row }: { row: Row }) {
  const { t } = useTranslation("operator");
  return <span className="truncate foreign">{row.model || t("invoice.all_models")}</span>;
}

/** Rounded for reading; the whole amount on hover. */
function Exact({ nano, children }: { nano: number; children: string }) {
  return (
    <Hint label={() => dollars(nano)}>
      <span>{children}</span>
    </Hint>
  );
}

function Drift({ row }: { row: Row }) {
  const { t } = useTranslation("operator");
  const off = isOff(row);
  return (
    <span className={classes.drift} data-off={off || undefined}>
      {off && <IconAlertTriangle size={14} role="img" aria-label={t("invoice.off")} />}
      <Exact nano={row.drift_nano_usd}>{signed(row.drift_nano_usd)}</Exact>
    </span>
  );
}

function Card({ row }: { row: Row }) {
  const { t } = useTranslation("operator");
  return (
    <div className={list.card}>
      <div className={list.line}>
        <Model row={row} />
        <Drift row={row} />
      </div>
      <span className={`${list.soft} truncate figures`}>
        {day(row.day)} · {t("invoice.head.invoice")} {amount(row.invoice_nano_usd)} · {t("invoice.head.ledger")}{" "}
        {amount(row.ledger_nano_usd)}
      </span>
    </div>
  );
}
