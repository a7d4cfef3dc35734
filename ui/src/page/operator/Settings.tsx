// Every key of the configuration: what is in force, where it was set, what it means. It is changed where it was set, not here.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { whole } from "~/format/number";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { NothingFound } from "./list/List";
import listClasses from "./list/List.module.css";
import { SearchField } from "./list/SearchField";
import { Tools } from "./list/Tools";
import { SettingLine } from "./settings/SettingLine";
import classes from "./settings/Settings.module.css";
import { read, type Setting, sections } from "./settings/sections";

const route = getRouteApi("/app/operator/settings");

export function Settings() {
  const { t } = useTranslation("operator");
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const put = (text: string | undefined) => void navigate({ search: { q: text }, replace: true });
  const query = useQuery({
    queryKey: [...keys.operator, "settings"],
    queryFn: async () => (await body(api.GET("/api/v1/operator/settings"))).items.map(read),
  });
  const set = query.data?.filter(({ source }) => source !== "default").length;
  return (
    <Page title={t("settings.title")} lead={t("settings.lead")}>
      <Tools
        end={
          set !== undefined && (
            <span className={listClasses.soft}>{t("settings.set", { count: set, amount: whole(set) })}</span>
          )
        }
      >
        <SearchField label={t("settings.search")} value={q} onChange={put} />
      </Tools>
      <Await query={query} skeleton={<Panel>{<Lines count={12} />}</Panel>}>
        {(items) => <Sections items={items} q={q ?? ""} onClear={() => put(undefined)} />}
      </Await>
    </Page>
  );
}

function Sections({ items, q, onClear }: { items: Setting[]; q: string; onClear: () => void }) {
  const { t } = useTranslation("operator");
  const found = sections(items, q);
  if (found.length === 0) return <NothingFound onClear={onClear} />;
  return (
    <div className={classes.sections}>
      {found.map(({ name, settings }) => (
        <Panel key={name} title={name || t("settings.general")} flush>
          <ul className={classes.list}>
            {settings.map((setting) => (
              <SettingLine key={setting.key} setting={setting} />
            ))}
          </ul>
        </Panel>
      ))}
    </div>
  );
}
