import { setting } from '../setting.js';
import { boolean, secret, text } from '../types.js';

const group = 'Traces';

export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting({
    group,
    type: text({ label: 'http or https URL', pattern: /^https?:\/\/[^\s/]+/ }),
    description:
      'Base URL of an OpenTelemetry receiver (OTLP over HTTP, `/v1/traces` is appended) that gets traces of runs. Default: no traces. See docs/tracing.md.',
    example: 'http://collector.example.com:4318',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: setting({
    group,
    type: secret(text({ label: 'list of name=value', pattern: /^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/ })),
    description: 'Headers that the receiver wants, such as a key; separated by commas.',
    example: 'x-api-key=secret',
  }),
  OTEL_SERVICE_NAME: setting({
    group,
    type: text({ label: 'name', pattern: /\S/ }),
    description: 'The name under which the receiver shows the exporter.',
    example: 'saas-export-production',
    default: 'saas-export',
  }),
  OTEL_SDK_DISABLED: setting({
    group,
    type: boolean,
    description: 'Traces are off, whatever the endpoint is.',
    example: '1',
    default: false,
  }),
};
