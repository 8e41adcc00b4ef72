import { ActionIcon, NativeSelect, SegmentedControl, Slider, TextInput, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CatalogueSearch } from "../catalogue/search";
import { sentenceCase } from "../shell/words";
import type { Shared } from "./report_points";

type Props = Shared & { onName: (key: string, name: string) => void };

const REGIONS = ["chest", "abdomen", "neuro", "musculoskeletal", "breast", "other"] as const;
const PROOFS = ["report_only", "follow_up", "consensus", "pathology", "construction"] as const;

export function CaseFields({ draft, edit, setEdit, nameOf, onName }: Props) {
  const { t } = useTranslation("drafts");
  return (
    <section className="fields">
      <TextInput
        label={t("field.title")}
        value={edit.title}
        onChange={(event) => setEdit({ ...edit, title: event.currentTarget.value })}
        data-testid="field-title"
      />
      <Textarea
        label={t("field.history")}
        autosize
        minRows={2}
        value={edit.history}
        onChange={(event) => setEdit({ ...edit, history: event.currentTarget.value })}
        data-testid="field-history"
      />
      <NativeSelect
        label={t("field.region")}
        value={edit.region}
        data={REGIONS.map((value) => ({ value, label: sentenceCase(value) }))}
        onChange={(event) => setEdit({ ...edit, region: event.currentTarget.value as typeof edit.region })}
        data-testid="field-region"
      />
      <div>
        <p className="label" id="truth-label">
          {t("field.truth")}
        </p>
        <SegmentedControl
          aria-labelledby="truth-label"
          fullWidth
          value={edit.truth}
          onChange={(truth) => setEdit({ ...edit, truth: truth as typeof edit.truth })}
          data={["normal", "abnormal"].map((value) => ({ value, label: t(value) }))}
          data-testid="field-truth"
        />
      </div>
      <FindingsField {...{ draft, edit, setEdit, nameOf, onName }} />
      <DiagnosisField {...{ draft, edit, setEdit, nameOf, onName }} />
      <Textarea
        label={t("field.differential")}
        autosize
        minRows={2}
        value={edit.differential.join("\n")}
        onChange={(event) => setEdit({ ...edit, differential: event.currentTarget.value.split("\n") })}
        data-testid="field-differential"
      />
      <NativeSelect
        label={t("field.proof")}
        value={edit.proof}
        data={PROOFS.map((value) => ({ value, label: t(`proof.${value}`) }))}
        onChange={(event) => setEdit({ ...edit, proof: event.currentTarget.value as typeof edit.proof })}
        data-testid="field-proof"
      />
      <div>
        <p className="label">{t("field.difficulty")}</p>
        <Slider
          thumbLabel={t("field.difficulty")}
          min={-3}
          max={3}
          step={0.1}
          value={edit.difficulty}
          label={null}
          marks={[-3, 0, 3].map((value) => ({ value, label: String(value) }))}
          onChange={(difficulty) => setEdit({ ...edit, difficulty })}
          mb="lg"
        />
        <p className="quiet help">{t("field.difficulty_help", { value: edit.difficulty.toFixed(1) })}</p>
      </div>
    </section>
  );
}

function FindingsField({ edit, setEdit, nameOf, onName }: Props) {
  const { t } = useTranslation("drafts");
  return (
    <div>
      <CatalogueSearch
        catalogue="findings"
        testId="field-findings"
        label={t("field.findings")}
        placeholder={t("field.add_finding")}
        nothing={t("nothing_found")}
        onChoose={({ key, name }) => {
          onName(key, name);
          if (!edit.findings.includes(key)) setEdit({ ...edit, findings: [...edit.findings, key] });
        }}
      />
      <ul className="chosen" data-testid="draft-findings">
        {edit.findings.map((key) => (
          <li key={key}>
            {nameOf(key)}
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("remove", { name: nameOf(key) })}
              onClick={() => setEdit({ ...edit, findings: edit.findings.filter((one) => one !== key) })}
            >
              ×
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}

function DiagnosisField({ draft, edit, setEdit, nameOf, onName }: Props) {
  const { t } = useTranslation("drafts");
  const { diagnosis } = edit;
  const name = diagnosis === draft.diagnosis?.key ? draft.diagnosis?.name : diagnosis && nameOf(diagnosis);
  return (
    <div>
      <CatalogueSearch
        catalogue="diagnoses"
        testId="field-diagnosis"
        label={t("field.diagnosis")}
        placeholder={t("field.add_diagnosis")}
        nothing={t("nothing_found")}
        onChoose={(entry) => {
          onName(entry.key, entry.name);
          setEdit({ ...edit, diagnosis: entry.key });
        }}
      />
      {diagnosis && (
        <ul className="chosen">
          <li>
            {name}
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("remove", { name })}
              onClick={() => setEdit({ ...edit, diagnosis: null })}
            >
              ×
            </ActionIcon>
          </li>
        </ul>
      )}
      <TextInput
        mt="xs"
        label={t("field.diagnosis_text")}
        value={edit.diagnosis_text}
        onChange={(event) => setEdit({ ...edit, diagnosis_text: event.currentTarget.value })}
        data-testid="field-diagnosis-text"
      />
    </div>
  );
}
