import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const out = process.env.STUDIO_OUT ?? "dist";

export default defineConfig({
  plugins: [react()],
  // The server puts a nonce of each answer in this place (StudioFiles.NoncePlace).
  html: { cspNonce: "{{nonce}}" },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    // Nothing is written into the style sheet or the page as data: the content policy takes files and data: pictures alone.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // For work on the studio itself: npx vite, beside a running 'sigmatiq serve'.
  server: { proxy: { "/api": process.env.SIGMATIQ ?? "http://127.0.0.1:8484" } },
  test: { include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"], environment: "node", css: true },
});
