// Both sides: first whether they agree, then where they do not, then what could not be read.
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { day } from "~/format/time";
import { Notice } from "~/pattern/Notice";
import { Panel } from "~/pattern/Panel";
import spendClasses from "../spend/Spend.module.css";
import { Figure } from "../spend/Summary";
import classes from "./Invoice.module.css";
import { ALARM_PPM, amount, type Reconciliation, signed } from "./invoice";
import { Rows } from "./Rows";

export function Result({ result }: { result: Reconciliation }) {
  const { t } = useTranslation("operator");
  const { total } = result;
  return (
    <div className={classes.result}>
      <Verdict result={result} />
      <Panel title={t("invoice.total")} lead={t("invoice.span", { from: day(result.from), to: day(result.to) })}>
        <dl className={spendClasses.figures}>
          <Figure label={t("invoice.charged")} value={amount(total.invoice_nano_usd)} />
          <Figure label={t("invoice.booked")} value={amount(total.ledger_nano_usd)} />
          <Figure label={t("invoice.drift")} value={signed(total.drift_nano_usd)} more={t("invoice.drift_words")} />
          <Figure label={t("invoice.share")} value={t("invoice.ppm", { amount: minus(total.drift_ppm) })} />
        </dl>
      </Panel>
      {result.rows.length > 0 && <Rows rows={result.rows} />}
      {result.unread > 0 && <Unread result={result} />}
    </div>
  );
}

/** With the sign that amounts of money have. */
const minus = (value: number) => (value < 0 ? `−${whole(-value)}` : whole(value));

const PERCENT_PPM = 10_000;

function Verdict({ result: { alarm, total, unread } }: { result: Reconciliation }) {
  const { t, i18n } = useTranslation("operator");
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 3 });
  const off = percent.format(Math.abs(total.drift_ppm) / PERCENT_PPM / 100);
  const allowed = percent.format(ALARM_PPM / PERCENT_PPM / 100);
  if (alarm)
    return (
      <Notice tone="bad" title={t(total.drift_nano_usd < 0 ? "invoice.more" : "invoice.less", { off })}>
        <p>{t(total.drift_nano_usd < 0 ? "invoice.more_words" : "invoice.less_words", { allowed })}</p>
      </Notice>
    );
  return (
    <Notice tone={unread > 0 ? "warn" : "good"} title={t("invoice.agrees", { allowed })}>
      {unread > 0 && <p>{t("invoice.agrees_but", { count: unread, amount: whole(unread) })}</p>}
    </Notice>
  );
}

function Unread({ result: { unread, unread_lines } }: { result: Reconciliation }) {
  const { t } = useTranslation("operator");
  const rest = unread - unread_lines.length;
  return (
    <Panel title={t("invoice.unread", { count: unread, amount: whole(unread) })} lead={t("invoice.unread_words")}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ul className={classes.unread} tabIndex={0}>
        {unread_lines.map(({ line, problem }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line may be told twice, and the list never changes
          <li key={at}>
            <span className={`${classes.lineNumber} figures`}>{t("invoice.line", { line: whole(line) })}</span>
            <span className="foreign">{problem}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={classes.soft}>{t("invoice.unread_more", { count: rest, amount: whole(rest) })}</p>}
    </Panel>
  );
}
