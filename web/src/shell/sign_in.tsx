import { Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemLine } from "./problem";
import { useSignIn } from "./session";

export function SignIn() {
  const { t } = useTranslation("shell");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const { mutate, isPending, error } = useSignIn();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    mutate({ login, password });
  };
  return (
    <main className="sign-in">
      <form className="card" onSubmit={submit} aria-labelledby="sign-in-title">
        <Stack gap="md">
          <div>
            <Title order={1} id="sign-in-title" className="wordmark" fz={22}>
              <img src="/icon.svg" alt="" /> {t("name")}
            </Title>
            <p className="quiet">{t("sign_in.lead")}</p>
          </div>
          <TextInput
            label={t("sign_in.login")}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={login}
            onChange={(e) => setLogin(e.currentTarget.value)}
            data-testid="login"
          />
          <PasswordInput
            label={t("sign_in.password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
            data-testid="password"
          />
          <ProblemLine error={error} />
          <Button type="submit" loading={isPending} data-testid="sign-in">
            {t("sign_in.submit")}
          </Button>
        </Stack>
      </form>
    </main>
  );
}
