// One kind of call and what it costs now, in one line.
import { IconPackage, IconPencil } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { dollars } from "~/format/dollars";
import { whole } from "~/format/number";
import { date } from "~/format/time";
import { Badge } from "~/pattern/Badge";
import { Tag } from "~/pattern/Choice";
import classes from "./Prices.module.css";
import type { Group, Origin, Part } from "./prices";

const LOOKS = {
  shipped: { tone: "quiet", icon: IconPackage },
  operator: { tone: "busy", icon: IconPencil },
} as const;

export function OriginBadge({ origin }: { origin: Origin }) {
  const { t } = useTranslation("operator");
  return <Badge look={LOOKS[origin]}>{t(`prices.by.${origin}`)}</Badge>;
}

const SHOWN: Part[] = ["input", "output", "cache_read"];

/** There are hundreds of them: each is drawn again only when it is another price. */
export const Line = memo(function Line({ group, vendor }: { group: Group; vendor: string }) {
  const { t } = useTranslation("operator");
  const { next } = group;
  const row = group.current ?? group.rows.at(-1);
  if (!row) return null;
  return (
    <span className={classes.line}>
      <span className={classes.what}>
        <span className={classes.model}>
          <span className="truncate foreign">{group.model}</span>
          {group.tier !== "standard" && <Tag>{t(`prices.tier.${group.tier}`)}</Tag>}
          {group.from > 0 && <Tag>{t("prices.from_tokens", { amount: whole(group.from) })}</Tag>}
        </span>
        <span className={`${classes.soft} truncate foreign`}>
          {vendor}
          {next?.valid_from && ` · ${t("prices.changes", { date: date(new Date(next.valid_from)) })}`}
        </span>
      </span>
      {SHOWN.map((part) => (
        <span key={part} className={classes.price} data-part={part}>
          <span className="figures">{dollars(row.prices[`${part}_nano_usd`] ?? row.prices.input_nano_usd)}</span>
          <span className={classes.soft}>{t(`prices.part.${part}`)}</span>
        </span>
      ))}
      <span className={classes.origin}>
        <OriginBadge origin={row.origin} />
      </span>
    </span>
  );
});
