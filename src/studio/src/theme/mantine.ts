import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const sigmatiq: MantineColorsTuple = ["#e8eefd", "#d3defb", "#b3c6fb", "#94b1ff", "#7aa2ff", "#5a86f2", "#4370e6", "#2b59d9", "#2149b8", "#193a94"];

/** A dialog opens softly and closes at once: while one fades away, single keys would rest and fast hands lose them. */
const dialog = { defaultProps: { transitionProps: { duration: 120, exitDuration: 0 } } };

export const theme = createTheme({
  primaryColor: "sigmatiq",
  primaryShade: { dark: 4, light: 7 },
  colors: { sigmatiq },
  defaultRadius: 6,
  fontFamily: '"Inter Variable", Inter, system-ui, "Segoe UI", sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, Menlo, monospace',
  respectReducedMotion: true,
  components: { Modal: dialog, ModalRoot: dialog },
});

/** Mantine paints with our tokens, so that there is one set of colours. */
const tokens = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--mut)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-border": "var(--line2)",
  "--mantine-color-placeholder": "var(--mut)",
  "--mantine-color-error": "var(--bad)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, dark: tokens, light: tokens });
