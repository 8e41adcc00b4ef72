import { ActionIcon, NativeSelect, TextInput, Textarea, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CatalogueSearch } from "../catalogue/search";
import type { Desktop } from "./desk";
import { type Form, LONGEST, missingOf } from "./form";

type Text = keyof typeof LONGEST;

const PROOFS = ["report_only", "follow_up", "consensus", "pathology", "construction"] as const;

export function CaseForm({ desk }: { desk: Desktop }) {
  const { t } = useTranslation("new_case");
  const { form, tried } = desk;
  const set = (change: Partial<Form>) => desk.put({ form: { ...form, ...change } });
  const missing = tried ? missingOf(form) : [];
  const text = (name: Text) => ({
    label: t(`field.${name}`),
    value: form[name],
    maxLength: LONGEST[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      set({ [name]: event.currentTarget.value }),
    autoComplete: "off",
    "data-testid": `new-${name}`,
  });
  return (
    <div className="new-case-form">
      <section className="card" aria-labelledby="about">
        <Title order={2} id="about">
          {t("about")}
        </Title>
        <p className="quiet">
          {t("required")} {t("memory")}
        </p>
        <TextInput
          {...text("title")}
          id="new-title"
          required
          description={t("help.title")}
          error={missing.includes("title") && t("missing.title")}
        />
        <TextInput
          {...text("exam")}
          id="new-exam"
          required
          description={t("help.exam")}
          error={missing.includes("exam") && t("missing.exam")}
        />
        <Textarea {...text("history")} autosize minRows={2} maxRows={8} description={t("help.history")} />
      </section>
      <section className="card" aria-labelledby="answer">
        <Title order={2} id="answer">
          {t("answer")}
        </Title>
        <p className="quiet">{t("answer_help")}</p>
        {missing.includes("shows") && (
          <p className="problem" role="alert">
            {t("missing.shows")}
          </p>
        )}
        <Textarea
          {...text("findings")}
          id="new-findings"
          autosize
          minRows={3}
          maxRows={14}
          description={t("help.findings")}
        />
        <Textarea {...text("impression")} autosize minRows={2} maxRows={8} />
        <TextInput {...text("diagnosis")} />
        <NamedFindings form={form} set={set} />
      </section>
      <section className="card" aria-labelledby="more">
        <Title order={2} id="more">
          {t("more")}
        </Title>
        <div className="new-case-pair">
          <Textarea {...text("differential")} autosize minRows={3} maxRows={8} />
          <NativeSelect
            label={t("field.proof")}
            description={t("help.proof")}
            value={form.proof}
            data={PROOFS.map((value) => ({ value, label: t(`proof.${value}`) }))}
            onChange={(event) => set({ proof: event.currentTarget.value as Form["proof"] })}
            data-testid="new-proof"
          />
        </div>
        <Textarea {...text("discussion")} autosize minRows={3} maxRows={12} description={t("help.discussion")} />
      </section>
    </div>
  );
}

function NamedFindings({ form, set }: { form: Form; set: (change: Partial<Form>) => void }) {
  const { t } = useTranslation("new_case");
  return (
    <div>
      <CatalogueSearch
        catalogue="findings"
        testId="new-named"
        label={t("field.named")}
        placeholder={t("add_finding")}
        nothing={t("nothing_found")}
        onChoose={({ key, name }) =>
          form.named.every((one) => one.key !== key) && set({ named: [...form.named, { key, name }] })
        }
      />
      <p className="quiet new-case-help">{t("help.named")}</p>
      <ul className="named">
        {form.named.map(({ key, name }) => (
          <li key={key}>
            {name}
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("remove", { name })}
              onClick={() => set({ named: form.named.filter((one) => one.key !== key) })}
            >
              ×
            </ActionIcon>
          </li>
        ))}
      </ul>
    </div>
  );
}
