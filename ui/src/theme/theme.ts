// Mantine speaks our design language: its variables are bound to tokens.css, so a component from the library and one of ours cannot differ.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#e3f4f4",
  "#cbe7e8",
  "#9ad0d3",
  "#66b8bd",
  "#3aa2a9",
  "#1f929a",
  "#0c7b85",
  "#0c6b74",
  "#065660",
  "#00434b",
];

/** Deep enough for white words on it: Mantine's own red has a contrast of 3.8, and WCAG asks for 4.5. */
const red: MantineColorsTuple = [
  "#fdeceb",
  "#f8d5d2",
  "#f0aaa5",
  "#e77d76",
  "#de574f",
  "#cf3f37",
  "#c0362f",
  "#b3302a",
  "#982822",
  "#7c201b",
];

export const theme = createTheme({
  colors: { sea, red },
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 6 },
  fontFamily:
    '"Inter Variable", system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.55", lg: "1.5", xl: "1.4" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.25" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.45" },
    },
  },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "18px" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", allowDeselect: false, checkIconPosition: "right" } },
    NumberInput: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, radius: "lg", overlayProps: { backgroundOpacity: 0.4, blur: 2 } } },
  },
});

const bound = {
  "--mantine-color-body": "var(--ground)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-faint)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--surface-hover)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-anchor": "var(--brand)",
};

/** Fields and menus: the library has its own grey for them. */
const raised = { "--mantine-color-dark-6": "var(--surface-raised)" };

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: bound, dark: { ...bound, ...raised } });
