/** Tests lie beside the file they test; what crosses rooms is in test/. Run through `npm test`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/\\.node/', '/\\.chorus/'],
  modulePathIgnorePatterns: ['<rootDir>/.node/', '<rootDir>/.chorus/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // By itself Jest leaves a core free, and that is half of two. A suite waits for a third of its time.
  maxWorkers: '100%',
  // Node frees little of a suite's modules, and a heap that only grows is slow to tidy.
  workerIdleMemoryLimit: '1GB',
  // Stays, with what each suite took: from the second run on the longest begin first.
  cacheDirectory: '<rootDir>/.chorus/jest',
  // A limit is for what hangs, and a busy machine is slow.
  testTimeout: 20_000,
  injectGlobals: false,
}
