// The front door: what Creel does, how, what it costs, and the way in.
import { useTranslation } from "react-i18next";
import { useTitle } from "~/pattern/Page";
import { useHouse } from "./entry/house";
import { TopBar } from "./frame/TopBar";
import { Ending } from "./landing/Ending";
import { Facts } from "./landing/Facts";
import { Footer } from "./landing/Footer";
import { Hero } from "./landing/Hero";
import { HowItWorks } from "./landing/HowItWorks";
import classes from "./landing/Landing.module.css";
import { Plans } from "./landing/Plans";
import { Safe } from "./landing/Safe";
import { Doors } from "./landing/Start";

export function Landing() {
  const { t } = useTranslation();
  const house = useHouse({ asksWho: true });
  useTitle(t("product"));
  return (
    <div className={classes.page}>
      <TopBar wide>
        <Doors entry={house.entry} />
      </TopBar>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Hero entry={house.entry} />
        <HowItWorks />
        <Safe />
        <Facts />
        <Plans />
        <Ending entry={house.entry} />
      </main>
      <Footer version={house.version} />
    </div>
  );
}
