// Settings of `npm start`: loopback only, nothing reported to anybody.
module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  flowFilePretty: true,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: { enabled: false } },
  diagnostics: { enabled: true, ui: true },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
