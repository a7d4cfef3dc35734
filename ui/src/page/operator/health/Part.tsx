// One part Creel stands on: how it is, in a sentence, what to do, and its figures.
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";
import { Facts } from "../list/Facts";
import classes from "./Health.module.css";
import { ICONS, LOOKS, type Part } from "./parts";

export function PartCard({ part }: { part: Part }) {
  const { t, i18n } = useTranslation("operator");
  const Shape = ICONS[part.id];
  const look = LOOKS[part.status];
  // Labels the server adds later are shown as it says them.
  const label = (name: string) => {
    const key = `operator:health.fact.${name.replaceAll(" ", "_")}`;
    return i18n.exists(key) ? String(i18n.t(key as never)) : name;
  };
  return (
    <section className={classes.part} data-tone={look.tone} aria-label={t(`health.part.${part.id}`)}>
      <header className={classes.head}>
        <Shape size={20} stroke={1.7} aria-hidden />
        <h2 className={classes.title}>{t(`health.part.${part.id}`)}</h2>
        <Badge look={look}>{t(`health.status.${part.status}`)}</Badge>
      </header>
      <p className={`${classes.message} foreign`}>{part.message}</p>
      {part.hint && (
        <p className={`${classes.hint} foreign`}>
          <strong>{t("health.todo")}</strong> {part.hint}
        </p>
      )}
      {part.facts.length > 0 && (
        <Facts
          facts={part.facts.filter(({ value }) => value !== "").map(({ label: name, value }) => [label(name), value])}
        />
      )}
    </section>
  );
}
