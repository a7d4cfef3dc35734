// Channels that are not there yet, said honestly.
import {
  IconBrandDiscord,
  IconBrandMatrix,
  IconBrandSlack,
  IconBrandWhatsapp,
  IconMessageCircle,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Telegram.module.css";

/** Names of products: the same in every language. */
const CHANNELS = [
  ["WhatsApp", IconBrandWhatsapp],
  ["Discord", IconBrandDiscord],
  ["Slack", IconBrandSlack],
  ["Signal", IconMessageCircle],
  ["Matrix", IconBrandMatrix],
] as const;

export function Announced() {
  const { t } = useTranslation("wizard");
  return (
    <div className={classes.announced}>
      <p className={classes.note}>{t("channel.announced")}</p>
      <ul className={classes.channels}>
        {CHANNELS.map(([name, Shape]) => (
          <li key={name}>
            <Shape size={16} stroke={1.7} aria-hidden /> {name}
          </li>
        ))}
      </ul>
    </div>
  );
}
