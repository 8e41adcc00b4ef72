import { ActionIcon, Button, Kbd, Switch } from "@mantine/core";
import type { Dispatch, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Problem } from "../api/client";
import { CatalogueSearch } from "../catalogue/search";
import { ProblemLine } from "../shell/problem";
import type { Place } from "../viewer/places";
import { type AnswerDraft, type Step, isComplete } from "./answer";

/** Element ids of the fields that keys lead to. */
export const FIELDS = {
  finding: "finding-search",
  diagnosis: "diagnosis-search",
  confidence: "confidence",
  commit: "commit",
} as const;

type Props = {
  answer: AnswerDraft;
  dispatch: Dispatch<Step>;
  onShow: (place: Place) => void;
  sliceNumber: (place: Place) => number;
  onCommit: () => void;
  committing: boolean;
  error: unknown;
};

export function AnswerPanel({ answer, dispatch, onShow, sliceNumber, onCommit, committing, error }: Props) {
  const { t } = useTranslation("read");
  const complete = isComplete(answer);
  return (
    <section className="answer" aria-labelledby="your-read">
      <h2 id="your-read" className="label">
        {t("your_read")}
      </h2>
      <Switch
        label={
          <>
            {t("normal")} <Kbd size="xs">n</Kbd>
          </>
        }
        description={t("normal_hint")}
        checked={answer.normal}
        onChange={() => dispatch({ do: "toggle normal" })}
        data-testid="answer-normal"
        aria-keyshortcuts="n"
      />
      <div className={answer.normal ? "answer-findings set-aside" : "answer-findings"}>
        <Marks {...{ answer, dispatch, onShow, sliceNumber }} />
        <Findings {...{ answer, dispatch }} />
        <Diagnosis {...{ answer, dispatch }} />
      </div>
      <Confidence {...{ answer, dispatch }} />
      <ProblemLine error={error} />
      {/* Refused because the set moved on: only the newest set can be answered, and My practice leads to it. */}
      {error instanceof Problem && error.status === 409 && (
        <Link to="/" className="answer-moved" data-testid="to-practice">
          {t("leave")}
        </Link>
      )}
      <Button
        id={FIELDS.commit}
        fullWidth
        size="md"
        disabled={!complete}
        loading={committing}
        onClick={onCommit}
        data-testid="commit"
        aria-keyshortcuts="Control+Enter"
      >
        {t("commit")}
      </Button>
      <p className="quiet answer-hint">{complete ? t("commit_final") : t("commit_hint")}</p>
    </section>
  );
}

type Part = Pick<Props, "answer" | "dispatch">;

function Marks({ answer, dispatch, onShow, sliceNumber }: Part & Pick<Props, "onShow" | "sliceNumber">) {
  const { t } = useTranslation("read");
  return (
    <div>
      <p className="label">{t("marks")}</p>
      {answer.marks.length === 0 && <p className="quiet answer-hint">{t("no_marks")}</p>}
      <ul className="chosen" data-testid="marks">
        {answer.marks.map((mark, i) => (
          <Chosen
            key={mark.id}
            name={t("mark", { number: i + 1 })}
            onRemove={() => dispatch({ do: "remove mark", id: mark.id })}
          >
            <button
              className="plain-button"
              aria-label={t("show_mark", { number: i + 1 })}
              onClick={() => onShow({ ...mark })}
            >
              <span className="mark-sign" aria-hidden="true">
                ✛
              </span>{" "}
              {t("mark", { number: i + 1 })}{" "}
              <span className="quiet">{t("mark_slice", { slice: sliceNumber(mark) })}</span>
            </button>
          </Chosen>
        ))}
      </ul>
    </div>
  );
}

function Findings({ answer, dispatch }: Part) {
  const { t } = useTranslation("read");
  return (
    <div>
      <CatalogueSearch
        catalogue="findings"
        testId={FIELDS.finding}
        hint="f"
        label={t("finding")}
        placeholder={t("finding_placeholder")}
        nothing={t("nothing_found")}
        onChoose={(finding) => dispatch({ do: "add finding", finding })}
      />
      <ul className="chosen" data-testid="findings">
        {answer.findings.map(({ key, name }) => (
          <Chosen key={key} name={name} onRemove={() => dispatch({ do: "remove finding", key })}>
            {name}
          </Chosen>
        ))}
      </ul>
    </div>
  );
}

function Diagnosis({ answer, dispatch }: Part) {
  const { t } = useTranslation("read");
  const { diagnosis } = answer;
  return (
    <div>
      <CatalogueSearch
        catalogue="diagnoses"
        testId={FIELDS.diagnosis}
        hint="d"
        label={t("diagnosis")}
        placeholder={t("diagnosis_placeholder")}
        nothing={t("nothing_found")}
        onChoose={(entry) => dispatch({ do: "set diagnosis", diagnosis: entry })}
      />
      {diagnosis && (
        <ul className="chosen" data-testid="diagnosis">
          <Chosen name={diagnosis.name} onRemove={() => dispatch({ do: "set diagnosis", diagnosis: null })}>
            {diagnosis.name}
          </Chosen>
        </ul>
      )}
    </div>
  );
}

function Chosen({ name, onRemove, children }: { name: string; onRemove: () => void; children: ReactNode }) {
  const { t } = useTranslation("read");
  return (
    <li>
      <span>{children}</span>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("remove", { name })} onClick={onRemove}>
        ×
      </ActionIcon>
    </li>
  );
}

function Confidence({ answer, dispatch }: Part) {
  const { t } = useTranslation("read");
  const { confidence } = answer;
  const stated = confidence !== null;
  return (
    <div className="confidence">
      <label htmlFor={FIELDS.confidence} className="label">
        {t("confidence")} <Kbd size="xs">c</Kbd>
      </label>
      <output htmlFor={FIELDS.confidence} className={stated ? "" : "quiet"}>
        {stated ? t("confidence_value", { value: confidence }) : t("confidence_unset")}
      </output>
      <input
        id={FIELDS.confidence}
        type="range"
        min={0}
        max={100}
        step={5}
        value={confidence ?? 50}
        className={stated ? "" : "unset"}
        aria-valuetext={stated ? t("confidence_value", { value: confidence }) : t("confidence_unset")}
        aria-keyshortcuts="c"
        data-testid="confidence"
        onChange={(event) => dispatch({ do: "set confidence", confidence: Number(event.currentTarget.value) })}
        onClick={() => stated || dispatch({ do: "set confidence", confidence: 50 })}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
    </div>
  );
}
