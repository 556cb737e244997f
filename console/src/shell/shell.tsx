import {
  BarChartIcon,
  CheckCircledIcon,
  EyeOpenIcon,
  LayersIcon,
  LockClosedIcon,
  PersonIcon,
  QuestionMarkCircledIcon,
} from "@radix-ui/react-icons";
import { Link, useLocation } from "@tanstack/react-router";
import { useDisclosure } from "@mantine/hooks";
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { Logo } from "./logo.tsx";
import { mayReadLedger } from "./may-read-ledger.ts";
import { mayReadPrices } from "./may-read-prices.ts";
import { useSignedIn } from "./me-context.ts";
import { PersonMenu } from "./person-menu.tsx";
import { SchemeSwitch } from "./scheme-switch.tsx";
import classes from "./shell.module.css";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { SimulatorBanner } from "./simulator-banner.tsx";
import { StopBanner } from "./stop-banner.tsx";
import { StopButton } from "./stop-button.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** Moves a screen reader's place to the new view, as a page load would have. */
function useFocusOnNavigation(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  return main;
}

/** Navigation around every view. */
export function Shell({ children }: { readonly children: ReactNode }): ReactElement {
  const main = useFocusOnNavigation();
  const [helpOpened, help] = useDisclosure(false);
  const shortcuts = useShortcuts(help.open);
  const me = useSignedIn();
  return (
    <>
      <a className={classes["skip"]} href="#main">
        Skip to content
      </a>
      <div className={classes["shell"]}>
        <header className={classes["bar"]}>
          <Link to="/usage" className={classes["brand"]} aria-label="Weir, home">
            <Logo />
            <span aria-hidden>Weir</span>
          </Link>
          <nav className={classes["nav"]} aria-label="Views">
            <Link to="/usage" className={classes["link"]} activeOptions={{ includeSearch: false }}>
              <BarChartIcon aria-hidden /> My usage
            </Link>
            <Link
              to="/decisions"
              className={classes["link"]}
              activeOptions={{ includeSearch: false }}
            >
              <CheckCircledIcon aria-hidden /> Decisions
            </Link>
            <Link to="/accesses" className={classes["link"]}>
              <EyeOpenIcon aria-hidden /> Who looked
            </Link>
            <Link to="/keys" className={classes["link"]}>
              <LockClosedIcon aria-hidden /> Keys
            </Link>
            <Link to="/agents" className={classes["link"]}>
              <PersonIcon aria-hidden /> Agents
            </Link>
            {mayReadPrices(me) ? (
              <Link to="/unpriced-models" className={classes["link"]}>
                <QuestionMarkCircledIcon aria-hidden /> Unpriced
              </Link>
            ) : null}
            {mayReadLedger(me) ? (
              <Link to="/ledger" className={classes["link"]}>
                <LayersIcon aria-hidden /> Ledger
              </Link>
            ) : null}
          </nav>
          <div className={classes["foot"]}>
            <StopButton />
            <SchemeSwitch onHelp={help.open} />
            <PersonMenu />
          </div>
        </header>
        <main className={classes["main"]} id="main" ref={main} tabIndex={-1}>
          <div className={classes["content"]}>
            <StopBanner />
            <SimulatorBanner />
            {children}
          </div>
        </main>
      </div>
      <ShortcutHelp opened={helpOpened} onClose={help.close} shortcuts={shortcuts} />
    </>
  );
}
