import "@mantine/core/styles.css";
import "./app.css";
import "./i18n";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Problem } from "./api/client";
import { App } from "./app";
import { ME } from "./shell/session";
import { theme } from "./theme";

/** A refusal will be refused again; only what never arrived is worth a second try. */
const again = (count: number, error: Error) => !(error instanceof Problem && error.status < 500) && count < 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: again, refetchOnWindowFocus: false, staleTime: 10_000 },
    mutations: { retry: again },
  },
});

queries.getQueryCache().subscribe(({ type, query }) => {
  const { error } = query.state;
  if (type !== "updated" || !(error instanceof Problem) || error.status !== 401) return;
  if (query.queryKey[0] !== ME[0] && queries.getQueryData(ME)) queries.setQueryData(ME, null);
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} forceColorScheme="dark">
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
