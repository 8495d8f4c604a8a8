import html from 'eslint-plugin-html';
import tseslint from 'typescript-eslint';

const editorGlobals = Object.fromEntries(
  ['RED', '$', 'document', 'window', 'URL', 'setTimeout', 'clearTimeout', 'Promise', 'localStorage'].map(
    (name) => [name, 'readonly'],
  ),
);

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.node-red/', '.cache/', '.test-output/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // CommonJS output: heavy modules are required on first use.
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    // node:test's describe and it return promises that its runner owns.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off', 'no-console': 'off' },
  },
  {
    files: ['lib/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/nodes/*', 'node-red', '@node-red/*'], message: 'lib knows nothing of Node-RED.' },
          ],
        },
      ],
    },
  },
  {
    files: ['nodes/**/*.html'],
    plugins: { html },
    languageOptions: { sourceType: 'script', ecmaVersion: 2020, globals: editorGlobals },
    settings: { 'html/javascript-tag-names': ['script'] },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
);
