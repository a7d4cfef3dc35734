// The command palette: one field, one list, keyboard only if one likes. A combobox to screen readers.
import "@mantine/spotlight/styles.css";
import { createSpotlight, Spotlight, useSpotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/session/me";
import { type Asked, useAgentCommands, useFoundAgents } from "./agents";
import { choose, type Section } from "./choose";
import { useCommands } from "./commands";
import classes from "./Palette.module.css";
import { placeOf, recent } from "./recent";
import { Sure } from "./Sure";

const [store, spotlight] = createSpotlight();
let answered = 0;

export function Panel({ times }: { times: number }) {
  const [asked, setAsked] = useState<Asked>();
  // Asked for once more while it is open: the person wants it away. Every call counts once, however often React looks.
  useEffect(() => {
    if (times === answered) return;
    answered = times;
    spotlight.toggle();
  }, [times]);
  return (
    <>
      <Opened ask={setAsked} />
      <Sure asked={asked} onClose={() => setAsked(undefined)} />
    </>
  );
}

function Opened({ ask }: { ask: (asked: Asked) => void }) {
  const { t } = useTranslation(["shell", "common"]);
  const { opened, query } = useSpotlight(store);
  const sections = useSections(opened, query, ask);
  const list = useId().replace(/\W/g, "");
  const count = sections.reduce((sum, { commands }) => sum + commands.length, 0);
  const [selected, follow] = useSelected(list, opened, query, sections);
  return (
    <Spotlight.Root
      store={store}
      shortcut={null}
      size={620}
      yOffset="12dvh"
      overlayProps={{ backgroundOpacity: 0.35, blur: 2 }}
      transitionProps={{ duration: 120 }}
      attributes={{ content: { "aria-label": t("palette.label") } }}
      classNames={{ content: classes.content }}
    >
      <Spotlight.Search
        className={classes.search}
        placeholder={t("palette.search")}
        aria-label={t("palette.search")}
        leftSection={<IconSearch size={18} aria-hidden />}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={count > 0 && selected >= 0 ? `${list}-${selected}` : undefined}
        onKeyDown={follow}
        autoComplete="off"
        spellCheck={false}
      />
      <div id={list} className={classes.list} role="listbox" tabIndex={-1} aria-label={t("palette.label")}>
        <Sections sections={sections} list={list} selected={selected} />
        {count === 0 && <p className={classes.nothing}>{t("palette.nothing")}</p>}
      </div>
      <Footer count={count} />
    </Spotlight.Root>
  );
}

function useSections(opened: boolean, query: string, ask: (asked: Asked) => void): Section[] {
  const person = useMe()?.id ?? "";
  const here = useRouterState({ select: (state) => placeOf(state.location.pathname) });
  const agents = useAgentCommands(useFoundAgents(opened, query.trim()), ask);
  const commands = useCommands();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was visited is read when the palette opens
  const lately = useMemo(() => recent(person).filter((path) => path !== here), [opened, person, here]);
  return choose([...agents, ...commands], lately, query);
}

/** Which line is chosen: the first, and again the first when other lines come. Spotlight moves the choice without telling, so it is asked. */
function useSelected(list: string, opened: boolean, query: string, sections: Section[]): [number, () => void] {
  const [selected, setSelected] = useState(0);
  const lines = sections.flatMap(({ commands }) => commands.map(({ id }) => id)).join("\n");
  const follow = useCallback(() => setTimeout(() => setSelected(Math.max(0, store.getState().selected))), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words and other lines begin anew
  useEffect(() => {
    if (!opened) return;
    store.updateState((state) => ({ ...state, selected: 0, listId: list }));
    setSelected(0);
  }, [list, opened, query, lines]);
  return [selected, follow];
}

function Sections({ sections, list, selected }: { sections: Section[]; list: string; selected: number }) {
  const { t } = useTranslation("shell");
  let at = -1;
  return sections.map(({ group, commands }) => (
    // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
    <div key={group} role="group" aria-label={t(`palette.group.${group}`)} className={classes.group}>
      <div className={classes.heading} aria-hidden>
        {t(`palette.group.${group}`)}
      </div>
      {commands.map(({ id, label, hint, icon: Shape, run }) => {
        at += 1;
        return (
          // Spotlight's own line has no id, which a combobox needs to say what is chosen.
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, as in every combobox
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={id}
            id={`${list}-${at}`}
            role="option"
            aria-selected={at === selected}
            data-action
            data-selected={at === selected || undefined}
            className={classes.action}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              spotlight.close();
              run();
            }}
          >
            <Shape size={18} stroke={1.7} aria-hidden />
            <span className={`${classes.label} truncate foreign`}>{label}</span>
            {hint && <span className={classes.hint}>{hint}</span>}
          </div>
        );
      })}
    </div>
  ));
}

function Footer({ count }: { count: number }) {
  const { t } = useTranslation("shell");
  return (
    <Spotlight.Footer className={classes.footer}>
      <span className={classes.keys} aria-hidden>
        <kbd>↑</kbd>
        <kbd>↓</kbd> {t("palette.move")} <kbd>↵</kbd> {t("palette.choose")} <kbd>Esc</kbd> {t("palette.close")}
      </span>
      <span role="status" className="figures">
        {t("palette.found", { count })}
      </span>
    </Spotlight.Footer>
  );
}
