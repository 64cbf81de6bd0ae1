'use strict';

// A script of its own, since the page's Content-Security-Policy forbids inline ones.
window.SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // No answer of a stranger's validator: the page talks to this service alone.
  validatorUrl: null,
});
