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
  // A limit is for what hangs, and a busy machine is slow.
  testTimeout: 20_000,
  injectGlobals: false,
}
