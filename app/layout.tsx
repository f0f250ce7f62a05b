import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { THEME_SCRIPT } from "@/components/ui/theme-script";
import { PersonSlot } from "@/components/ui/person-slot";
import "./globals.css";
import { PersonMark } from "./person-mark";
import { DataProvider } from "./trpc/client";

export const metadata: Metadata = {
  title: { default: "Intervene", template: "%s · Intervene" },
  description: "See, correct and train on the step where a model's reasoning goes wrong.",
  icons: { icon: "/mark.svg" },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafcfa" },
    { media: "(prefers-color-scheme: dark)", color: "#101516" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant, see theme-script.ts */}
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>
        <a
          href="#main"
          className="sr-only bg-paper px-3 py-2 focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50"
        >
          Skip to the content
        </a>
        <DataProvider>
          <PersonSlot mark={<PersonMark />}>{children}</PersonSlot>
        </DataProvider>
      </body>
    </html>
  );
}
