import { Button, Group, Kbd, Menu, Tooltip, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ToolName } from "./engine";
import { icons } from "./icons";
import type { Preset } from "./presets";

export const TOOL_KEYS: Record<ToolName, string> = { wl: "w", mark: "m", length: "l", pan: "p", zoom: "z" };

type Props = {
  tools: readonly ToolName[];
  tool: ToolName;
  onTool: (tool: ToolName) => void;
  presets: readonly Preset[];
  onPreset: (preset: Preset) => void;
  onInvert: () => void;
  onReset: () => void;
};

/** What the left button does, and what changes the picture at once. */
export function Toolbar({ tools, tool, onTool, presets, onPreset, onInvert, onReset }: Props) {
  const { t } = useTranslation("viewer");
  return (
    <Group className="viewer-toolbar" role="toolbar" aria-label={t("tools")} gap={4} wrap="nowrap">
      {tools.map((name) => (
        <ToolButton
          key={name}
          name={name}
          hint={TOOL_KEYS[name]}
          pressed={name === tool}
          onClick={() => onTool(name)}
        />
      ))}
      <span className="viewer-toolbar-gap" />
      <PresetMenu presets={presets} onPreset={onPreset} />
      <ToolButton name="invert" hint="i" onClick={onInvert} />
      <ToolButton name="reset" hint="r" onClick={onReset} />
    </Group>
  );
}

type ToolButtonProps = { name: keyof typeof icons; hint: string; pressed?: boolean; onClick: () => void };

function ToolButton({ name, hint, pressed, onClick }: ToolButtonProps) {
  const { t } = useTranslation("viewer");
  return (
    <Tooltip
      label={
        <>
          {t(`tool.${name}`)} <Kbd size="xs">{hint}</Kbd>
        </>
      }
      openDelay={500}
    >
      <UnstyledButton
        className="tool"
        data-testid={`tool-${name}`}
        aria-pressed={pressed}
        aria-keyshortcuts={hint}
        onClick={onClick}
      >
        {icons[name]}
        <span className="tool-name">{t(`tool.${name}`)}</span>
      </UnstyledButton>
    </Tooltip>
  );
}

function PresetMenu({ presets, onPreset }: Pick<Props, "presets" | "onPreset">) {
  const { t } = useTranslation("viewer");
  return (
    <Menu position="bottom-start" width={230} withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-sm" data-testid="presets" disabled={!presets.length}>
          {t("presets")} ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {presets.map((preset, i) => (
          <Menu.Item
            key={preset.name}
            rightSection={<Kbd size="xs">{i + 1}</Kbd>}
            onClick={() => onPreset(preset)}
            data-testid={`preset-${preset.name}`}
          >
            {t(`preset.${preset.name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
