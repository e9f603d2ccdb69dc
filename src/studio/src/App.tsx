import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { createBrowserRouter, Outlet } from "react-router";
import { RouterProvider } from "react-router/dom";
import { ApiError } from "./api/http";
import { PageProvider } from "./components/Shell/page";
import { Shell } from "./components/Shell";
import { ToastProvider } from "./components/Toasts";
import { LiveProvider } from "./live/Live";
import { HomePage } from "./pages/Home";
import { UnknownPage } from "./pages/Elsewhere";
import { Broken } from "./pages/Elsewhere/Broken";
import { theme, variables } from "./theme/mantine";
import { nonceOfPage } from "./theme/nonce";
import { useView, ViewProvider } from "./theme/View";

const RunsPage = lazy(() => import("./pages/Runs").then((m) => ({ default: m.RunsPage })));
const RunPage = lazy(() => import("./pages/Runs/Run").then((m) => ({ default: m.RunPage })));
const CompareRunsPage = lazy(() => import("./pages/Runs/Compare").then((m) => ({ default: m.CompareRunsPage })));
const WorkflowsPage = lazy(() => import("./pages/Workflows").then((m) => ({ default: m.WorkflowsPage })));

const SchedulesPage = lazy(() => import("./pages/Schedules").then((m) => ({ default: m.SchedulesPage })));
const BackfillPage = lazy(() => import("./pages/Schedules/Backfill").then((m) => ({ default: m.BackfillPage })));
const SystemPage = lazy(() => import("./pages/System").then((m) => ({ default: m.SystemPage })));
const UsersPage = lazy(() => import("./pages/System/Users").then((m) => ({ default: m.UsersPage })));
const KeysPage = lazy(() => import("./pages/System/Keys").then((m) => ({ default: m.KeysPage })));
const AuditPage = lazy(() => import("./pages/System/Audit").then((m) => ({ default: m.AuditPage })));
const SweepsPage = lazy(() => import("./pages/Sweeps").then((m) => ({ default: m.SweepsPage })));
const NewSweepPage = lazy(() => import("./pages/Sweeps/New").then((m) => ({ default: m.NewSweepPage })));
const SweepPage = lazy(() => import("./pages/Sweeps/Sweep").then((m) => ({ default: m.SweepPage })));
const ComboPage = lazy(() => import("./pages/Sweeps/Combo").then((m) => ({ default: m.ComboPage })));
const DataPage = lazy(() => import("./pages/Data").then((m) => ({ default: m.DataPage })));
const SeriesPage = lazy(() => import("./pages/Data/Series").then((m) => ({ default: m.SeriesPage })));
const ImportPage = lazy(() => import("./pages/Data/Import").then((m) => ({ default: m.ImportPage })));
const WorkflowPage = lazy(() => import("./pages/Workflows/Workflow").then((m) => ({ default: m.WorkflowPage })));
const WorkflowDiffPage = lazy(() => import("./pages/Workflows/Diff").then((m) => ({ default: m.WorkflowDiffPage })));
const NewWorkflowPage = lazy(() => import("./pages/Workflows/New").then((m) => ({ default: m.NewWorkflowPage })));
const DesignerPage = lazy(() => import("./pages/Designer").then((m) => ({ default: m.DesignerPage })));

const ReviewPage = lazy(() => import("./pages/Review").then((m) => ({ default: m.ReviewPage })));
const EvidencePage = lazy(() => import("./pages/Review/Evidence").then((m) => ({ default: m.EvidencePage })));

const PacksPage = lazy(() => import("./pages/Packs").then((m) => ({ default: m.PacksPage })));
const PackPage = lazy(() => import("./pages/Packs/Pack").then((m) => ({ default: m.PackPage })));
const ModelsPage = lazy(() => import("./pages/Models").then((m) => ({ default: m.ModelsPage })));
const NewModelPage = lazy(() => import("./pages/Models/New").then((m) => ({ default: m.NewModelPage })));
const ModelPage = lazy(() => import("./pages/Models/Model").then((m) => ({ default: m.ModelPage })));

const TrainingPage = lazy(() => import("./pages/Training").then((m) => ({ default: m.TrainingPage })));
const TrainingJobPage = lazy(() => import("./pages/Training/Job").then((m) => ({ default: m.TrainingJobPage })));
const TrainedModelPage = lazy(() => import("./pages/Training/Trained").then((m) => ({ default: m.TrainedModelPage })));
const ForecastingPage = lazy(() => import("./pages/Forecasting").then((m) => ({ default: m.ForecastingPage })));
const ProductionPage = lazy(() => import("./pages/Production").then((m) => ({ default: m.ProductionPage })));

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Refused is refused; what did not arrive is asked for again.
      retry: (count, error) => count < 3 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      retryDelay: (count) => Math.min(8_000, 500 * 2 ** count),
    },
  },
});

function Frame() {
  return (
    <ViewProvider>
      <Painted>
        <LiveProvider>
          <ToastProvider>
            <PageProvider>
              <Shell />
            </PageProvider>
          </ToastProvider>
        </LiveProvider>
      </Painted>
    </ViewProvider>
  );
}

function Painted({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} forceColorScheme={useView().theme} cssVariablesResolver={variables} getStyleNonce={nonceOfPage}>
      {children}
    </MantineProvider>
  );
}

function Loaded() {
  return (
    <Suspense fallback={<div className="pg" aria-busy="true" />}>
      <Outlet />
    </Suspense>
  );
}

const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <Broken />,
    children: [
      {
        element: <Loaded />,
        errorElement: <Broken />,
        children: [
          { path: "/", element: <HomePage /> },
          { path: "/hub", element: <HomePage /> },
          { path: "/runs", element: <RunsPage /> },
          { path: "/runs/diff", element: <CompareRunsPage /> },
          { path: "/runs/:run", element: <RunPage /> },
          { path: "/workflows", element: <WorkflowsPage /> },
          { path: "/schedules", element: <SchedulesPage /> },
          { path: "/schedules/:id/backfill", element: <BackfillPage /> },
          { path: "/data", element: <DataPage /> },
          { path: "/data/import", element: <ImportPage /> },
          { path: "/data/:symbol/:interval", element: <SeriesPage /> },
          { path: "/system", element: <SystemPage /> },
          { path: "/system/users", element: <UsersPage /> },
          { path: "/system/keys", element: <KeysPage /> },
          { path: "/system/audit", element: <AuditPage /> },
          { path: "/packs", element: <PacksPage /> },
          { path: "/packs/:pack/:version?", element: <PackPage /> },
          { path: "/models", element: <ModelsPage /> },
          { path: "/models/new", element: <NewModelPage /> },
          { path: "/models/:model", element: <ModelPage /> },
          { path: "/sweeps", element: <SweepsPage /> },
          { path: "/sweeps/new", element: <NewSweepPage /> },
          { path: "/sweeps/:sweep", element: <SweepPage /> },
          { path: "/sweeps/:sweep/combos/:combo", element: <ComboPage /> },
          { path: "/training", element: <TrainingPage /> },
          { path: "/training/:job", element: <TrainingJobPage /> },
          { path: "/trained-models/:id", element: <TrainedModelPage /> },
          { path: "/forecasting", element: <ForecastingPage /> },
          { path: "/production", element: <ProductionPage /> },
          { path: "/workflows/new", element: <NewWorkflowPage /> },
          { path: "/workflows/:id", element: <WorkflowPage /> },
          { path: "/workflows/:id/edit", element: <DesignerPage /> },
          { path: "/workflows/:id/diff", element: <WorkflowDiffPage /> },
          { path: "/dashboard", element: <ReviewPage /> },
          { path: "/dashboard/:approval", element: <EvidencePage /> },
          { path: "*", element: <UnknownPage /> },
        ],
      },
    ],
  },
]);

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
