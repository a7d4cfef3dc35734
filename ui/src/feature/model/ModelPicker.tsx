// Choosing a model: the plan's, by vendor, with a search. What is chosen is the caller's to keep.
import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Model, Plan, Provider } from "~/api/types";
import { Choice, Choices, Tag } from "~/pattern/Choice";
import { type Group, groups, modelFor, search, unlisted } from "./catalogue";
import classes from "./Model.module.css";
import { ModelCard } from "./ModelCard";

/** Vendors shown before "show all"; more than this is a wall. */
const FIRST = 3;

interface Props {
  providers: Provider[];
  plan: Pick<Plan, "allowed_models" | "default_model">;
  value: string | undefined;
  onChange: (model: string) => void;
}

export function ModelPicker({ providers, plan, value, onChange }: Props) {
  const { t } = useTranslation("wizard");
  const name = useId();
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  // The button that unfolds the rest goes away, so the first of the rest takes the focus.
  const [first, setFirst] = useState<string>();
  const offered = useMemo(() => inOrder(groups(providers, plan), plan.default_model), [providers, plan]);
  const found = search(offered, words);
  const folded = !all && words.trim() === "";
  const shown = folded ? found.filter((group, at) => at < FIRST || holds(group, value)) : found;
  const typed = unlisted(providers, plan, words) ?? (value && !modelFor(providers, value) ? value : undefined);
  const hidden = count(found) - count(shown);

  const unfold = () => {
    setFirst(found.find((group) => !shown.includes(group))?.provider.id);
    setAll(true);
  };

  return (
    <div className={classes.picker}>
      <TextInput
        type="search"
        aria-label={t("model.search")}
        placeholder={t("model.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        maxLength={150}
      />
      {typed && (
        <Choices label={t("model.by_name")} min={300}>
          <Choice name={name} value={typed} checked={value === typed} onChoose={() => onChange(typed)} title={typed}>
            {t("model.by_name_words")}
          </Choice>
        </Choices>
      )}
      {shown.map(({ provider, models }) => (
        <Vendor key={provider.id} provider={provider} focused={provider.id === first}>
          {models.map((model) => (
            <ModelCard
              key={model.model}
              group={name}
              model={model}
              checked={value === model.model}
              recommended={model.model === plan.default_model}
              onChoose={() => onChange(model.model)}
            />
          ))}
        </Vendor>
      ))}
      <p className={classes.status} role="status">
        {words.trim() !== "" &&
          !typed &&
          (found.length ? t("model.found", { count: count(found) }) : t("model.nothing"))}
      </p>
      {hidden > 0 && (
        <Button variant="default" className={classes.more} onClick={unfold}>
          {t("model.show_all", { count: hidden })}
        </Button>
      )}
    </div>
  );
}

function Vendor({ provider, focused, children }: { provider: Provider; focused: boolean; children: ReactNode }) {
  const { t } = useTranslation("wizard");
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  return (
    <div className={classes.group}>
      <h3 className={classes.vendor} tabIndex={-1} ref={heading}>
        {provider.name} {provider.platform_key && <Tag>{t("model.credit")}</Tag>}
      </h3>
      <Choices label={provider.name} hideLabel min={380}>
        {children}
      </Choices>
    </div>
  );
}

const holds = ({ models }: Group, value: string | undefined) => models.some(({ model }: Model) => model === value);
const count = (all: Group[]) => all.reduce((sum, { models }) => sum + models.length, 0);

/** The vendor of the plan's own choice leads. */
function inOrder(all: Group[], first: string): Group[] {
  return [...all].sort((a, b) => Number(holds(b, first)) - Number(holds(a, first)));
}
