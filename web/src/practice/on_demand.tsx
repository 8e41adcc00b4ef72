import { Button, NativeSelect, SegmentedControl, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { PracticeOptions, PracticeSetRequest } from "../api/types";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { useMakeSet, usePracticeOptions } from "./queries";

type Wish = { modality: string; region: string; family: string; minutes: string };

/** `replaces`: whether an open set gives way to the one asked for. */
export function OnDemand({ replaces }: { replaces: boolean }) {
  const { t } = useTranslation("practice");
  const { data: options, error, refetch } = usePracticeOptions();
  return (
    <section className="practice-demand" aria-labelledby="on-demand">
      <Title order={2} id="on-demand">
        {t("on_demand")}
      </Title>
      <p className="lead">
        {t("on_demand_lead")} {replaces && t("replaces")}
      </p>
      <ProblemLine error={error} retry={() => void refetch()} />
      {options && <WishForm options={options} />}
    </section>
  );
}

function WishForm({ options }: { options: PracticeOptions }) {
  const { t } = useTranslation("practice");
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMakeSet();
  const [wish, setWish] = useState<Wish>({
    modality: "",
    region: "",
    family: "",
    minutes: String(options.minutes[0] ?? 10),
  });
  const any = { value: "", label: t("any") };
  const choices = (values: string[]) => [any, ...values.map((value) => ({ value, label: sentenceCase(value) }))];
  const families = options.families
    .filter(({ region }) => !wish.region || region === wish.region)
    .map(({ family }) => family);
  const make = () =>
    mutate(
      {
        modality: wish.modality || null,
        region: (wish.region || null) as PracticeSetRequest["region"],
        family: wish.family || null,
        minutes: Number(wish.minutes),
      },
      { onSuccess: (set) => void navigate(`/read/${set.set_id}/${set.items[0]?.position ?? 1}`) },
    );
  return (
    <form
      className="wish"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <NativeSelect
        label={t("modality")}
        data={choices(options.modalities)}
        value={wish.modality}
        onChange={(e) => setWish({ ...wish, modality: e.currentTarget.value })}
        data-testid="wish-modality"
      />
      <NativeSelect
        label={t("region")}
        data={choices(options.regions)}
        value={wish.region}
        onChange={(e) => setWish({ ...wish, region: e.currentTarget.value, family: "" })}
        data-testid="wish-region"
      />
      <NativeSelect
        label={t("family")}
        data={choices([...new Set(families)].sort())}
        value={wish.family}
        onChange={(e) => setWish({ ...wish, family: e.currentTarget.value })}
        data-testid="wish-family"
      />
      <div>
        <p className="label" id="wish-minutes">
          {t("minutes")}
        </p>
        <SegmentedControl
          aria-labelledby="wish-minutes"
          data={options.minutes.map((n) => ({ value: String(n), label: t("minutes_value", { minutes: n }) }))}
          value={wish.minutes}
          onChange={(minutes) => setWish({ ...wish, minutes })}
          data-testid="wish-minutes"
        />
      </div>
      <Button type="submit" variant="default" loading={isPending} data-testid="make-set">
        {t("make")}
      </Button>
      <ProblemLine error={error} />
    </form>
  );
}
