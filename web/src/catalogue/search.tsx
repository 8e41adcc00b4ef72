import { Combobox, Kbd, Loader, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { api, body } from "../api/client";
import type { CatalogueEntry } from "../api/types";
import { sentenceCase } from "../shell/words";

type Catalogue = "findings" | "diagnoses";

type Props = {
  catalogue: Catalogue;
  label: string;
  placeholder: string;
  nothing: string;
  onChoose: (entry: CatalogueEntry) => void;
  disabled?: boolean;
  hint?: string;
  /** Id of the field, for keys that lead to it and for tests. */
  testId: string;
};

const TYPING_PAUSE_MS = 180;

/** Entries are looked up by the service as the reader types: no list to choose from ever arrives by itself. */
function useEntries(catalogue: Catalogue, typed: string) {
  const [q] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const search = useQuery({
    queryKey: ["catalogue", catalogue, q],
    enabled: q.length > 0,
    queryFn: () =>
      catalogue === "findings"
        ? body(api.GET("/api/findings", { params: { query: { q } } }))
        : body(api.GET("/api/diagnoses", { params: { query: { q } } })),
  });
  const settled = q === typed.trim();
  return {
    entries: settled ? (search.data ?? []) : [],
    searching: typed.trim() !== "" && (!settled || search.isFetching),
  };
}

export function CatalogueSearch({ catalogue, label, placeholder, nothing, onChoose, disabled, hint, testId }: Props) {
  const [typed, setTyped] = useState("");
  const { entries, searching } = useEntries(catalogue, typed);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const choose = (key: string) => {
    const entry = entries.find((one) => one.key === key);
    if (!entry) return;
    onChoose(entry);
    setTyped("");
    combobox.closeDropdown();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape" && !combobox.dropdownOpened) event.currentTarget.blur();
    // Enter with nothing pointed at takes the best match, so that a finding is two letters and Enter away.
    if (event.key === "Enter" && !event.ctrlKey && combobox.getSelectedOptionIndex() < 0 && entries[0]) {
      event.preventDefault();
      choose(entries[0].key);
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal>
      <Combobox.Target>
        <TextInput
          id={testId}
          label={
            hint ? (
              <>
                {label} <Kbd size="xs">{hint}</Kbd>
              </>
            ) : (
              label
            )
          }
          placeholder={placeholder}
          disabled={disabled}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          data-testid={testId}
          aria-keyshortcuts={hint}
          rightSection={searching ? <Loader size={14} color="gray" /> : null}
          onKeyDown={onKeyDown}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.resetSelectedOption();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed.trim() === "" || searching}>
        <Combobox.Options mah={300} style={{ overflowY: "auto" }} aria-label={label}>
          {entries.map(({ key, name, region }) => (
            <Combobox.Option key={key} value={key} data-testid={`${testId}-option`}>
              <span>{name}</span> <span className="quiet">{sentenceCase(region)}</span>
            </Combobox.Option>
          ))}
          {entries.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
