// Read by the Prisma CLI alone (prisma generate, and prisma migrate when migrations are authored).
// The product itself applies prisma/migrations without it: server/store/migrate.ts.
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "" },
});
