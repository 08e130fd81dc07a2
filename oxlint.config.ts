import { defineConfig } from 'oxlint'

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest'],
  jsPlugins: ['./house/plugin.ts'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'house/table': 'error',
    // Of files. Rooms can have no cycle, by type or not, as the table has none; within a room two files may name each
    // other's types, which leaves nothing at run time.
    'import/no-cycle': ['error', { ignoreTypes: true }],
    'oxc/no-barrel-file': 'error',

    // No way round the compiler.
    'typescript/ban-ts-comment': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/consistent-type-imports': 'error',

    // Nothing is lost: no promise, no error, no case.
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/return-await': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/no-empty': 'error',
    'eslint/no-var': 'error',
    'eslint/prefer-const': 'error',
    'unicorn/no-abusive-eslint-disable': 'error',
    'unicorn/prefer-node-protocol': 'error',

    // Schemas of text name the control characters that they refuse.
    'eslint/no-control-regex': 'off',
    // prom-client registers a metric by its constructor.
    'eslint/no-new': 'off',
    // tRPC's own fields start with one.
    'eslint/no-underscore-dangle': 'off',
    // What other turns of the event loop change looks unchanged to it.
    'eslint/no-unmodified-loop-condition': 'off',
    'eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    // `import fc from 'fast-check'` and `import Provider from 'oidc-provider'` are what their documentation says.
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    // A `then` here and there is for its effect.
    'promise/always-return': 'off',
    // The compiler's `noImplicitReturns` says it already.
    'typescript/consistent-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    // A loop over a copy is how a set may change meanwhile.
    'unicorn/no-useless-spread': 'off',
    // For windows of browsers; ours are worker threads.
    'unicorn/require-post-message-target-origin': 'off',

    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'assert*', 'fc.assert'] }],
    // A property judges each case by what it is.
    'vitest/no-conditional-expect': 'off',
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    // The second argument says what was expected where a loop or a property checks many things.
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/no-identical-title': 'error',
    'vitest/no-restricted-vi-methods': [
      'error',
      { mock: 'Our own code is not mocked.', doMock: 'Our own code is not mocked.' },
    ],
  },
  overrides: [
    {
      // Plain JavaScript, for whatever Node comes by, has no types to keep.
      files: ['**/*.js'],
      rules: {
        'typescript/no-implied-eval': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
      },
    },
    {
      // What a test reads from a socket or a file is held against what it should be, whatever its type.
      files: ['**/test/**'],
      rules: {
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
      },
    },
  ],
})
