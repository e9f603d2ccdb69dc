interface Today {
  what: string;
  why: string;
  cli: readonly string[];
  page?: { label: string; to: string };
}

/** Where the work of a page is done until the page is built. */
export const elsewhere: Partial<Record<string, Today>> = {
  training: { what: "Trainings are not shown here yet", why: "The command starts them and shows what was learned.", cli: ["./sigmatiq", "training", "list"] },
  forecasting: { what: "Forecasts are not shown here yet", why: "A lifecycle writes shadow forecasts; its run shows where.", cli: ["./sigmatiq", "lifecycle", "run", "--ticker", "MKT.SYN"] },
  production: {
    what: "Production is not shown here yet", why: "The status page shows the deployment of the latest lifecycle and its guardrails.", cli: ["./sigmatiq", "approvals", "list"],
    page: { label: "Open the status page", to: "/status" },
  },
};
