import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  // index.html is served at /graphql, all it loads below this path.
  base: '/static/graphiql/',
  plugins: [react()],
  build: {
    outDir: '../gql/static/graphiql',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // The editor itself is 2 MB whatever we do; it is loaded after the page stands.
    chunkSizeWarningLimit: 2000,
    // The packages carry "use no memo" for a compiler that we don't run.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
    // What we hand out is other people's work: their licences go with it.
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
});
