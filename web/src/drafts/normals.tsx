import { Button, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NormalsWish, Pool } from "../api/types";
import { ProblemLine } from "../shell/problem";
import { sentenceCase } from "../shell/words";
import { useDrawNormals, usePool } from "./queries";

const MOST = 200;

/** Normal reports wait in a pool, in no list, until an educator asks for some. */
export function Normals() {
  const { t } = useTranslation("drafts");
  const { data: pool } = usePool();
  const draw = useDrawNormals();
  if (!pool || (pool.cases === 0 && !draw.data)) return null;
  return (
    <section className="normals" aria-labelledby="normals" data-testid="normals">
      <h2 id="normals">
        {t("normals")} <span className="quiet">{t("normals_held", { number: pool.cases.toLocaleString() })}</span>
      </h2>
      <DrawForm pool={pool} busy={draw.isPending} onDraw={(wish) => draw.mutate(wish)} />
      <p className="quiet" role="status">
        {draw.data ? t(draw.data.fetching ? "normals_fetching" : "normals_drawn", draw.data) : t("normals_help")}
      </p>
      <ProblemLine error={draw.error} />
    </section>
  );
}

type FormProps = { pool: Pool; busy: boolean; onDraw: (wish: NormalsWish) => void };

function DrawForm({ pool, busy, onDraw }: FormProps) {
  const { t } = useTranslation("drafts");
  const [number, setNumber] = useState<number | string>(10);
  const [modality, setModality] = useState("");
  const [region, setRegion] = useState("");
  const parts = pool.parts.filter(
    (part) => (!modality || part.modality === modality) && (!region || part.region === region),
  );
  const held = parts.reduce((sum, part) => sum + part.cases, 0);
  const any = { value: "", label: t("any") };
  const choices = (of: "modality" | "region") => [
    any,
    ...[...new Set(pool.parts.map((part) => part[of]))].sort().map((value) => ({ value, label: sentenceCase(value) })),
  ];
  const wanted = Number(number);
  const valid = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST && held > 0;
  return (
    <form
      className="normals-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!valid) return;
        onDraw({ number: wanted, modality: modality || null, region: (region || null) as NormalsWish["region"] });
      }}
    >
      <NumberInput
        label={t("normals_number")}
        min={1}
        max={MOST}
        allowDecimal={false}
        value={number}
        onChange={setNumber}
        w={90}
        size="xs"
        data-testid="normals-number"
      />
      <NativeSelect
        label={t("modality")}
        size="xs"
        data={choices("modality")}
        value={modality}
        onChange={(event) => setModality(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("region")}
        size="xs"
        data={choices("region")}
        value={region}
        onChange={(event) => setRegion(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" loading={busy} disabled={!valid} data-testid="draw-normals">
        {t("normals_draw")}
      </Button>
    </form>
  );
}
