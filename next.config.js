// Telemetry stays off whoever starts Next; the variable is read after this file is loaded.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/**
 * Nothing from elsewhere is loaded, sent to or framed. Scripts inline are Next's own and the theme's; `next dev` also
 * needs eval.
 */
const POLICY = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // npm run typecheck does it, for workers and tests too; a newcomer's first start should not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Node packages that read files next to themselves: leave them to require() instead of bundling them.
  serverExternalPackages: [
    "pg",
    "pg-boss",
    "pg-copy-streams",
    "@prisma/client",
    "@prisma/adapter-pg",
    "@huggingface/tokenizers",
  ],
  devIndicators: false,
  agentRules: false,
  experimental: { agentUpgrade: false },
  async headers() {
    // Model text is hostile. The render path never makes HTML of it; these headers are the second fence.
    return [
      {
        source: "/:path*",
        headers: [
          { key: "Content-Security-Policy", value: POLICY },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "same-origin" },
        ],
      },
    ];
  },
};

export default config;
