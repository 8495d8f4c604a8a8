import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyFailure, retryAfterMs } from '../../../lib/delivery';
import { SnapflowError, type ErrorCode } from '../../../lib/errors';

const classOf = (code: ErrorCode, options = {}) =>
  classifyFailure(new SnapflowError(code, 'for a test', options));

describe('failure classes', () => {
  it('follow the code', () => {
    const codes: Record<string, ErrorCode[]> = {
      retry: ['UNREACHABLE', 'TIMEOUT', 'PLATFORM_FAILED', 'BAD_RESPONSE', 'DEVICE_OFFLINE', 'DEVICE_BUSY'],
      wait: ['RATE_LIMITED'],
      hold: ['AUTH_REJECTED', 'CERTIFICATE_REJECTED', 'NOT_FOUND', 'QUOTA_EXCEEDED'],
      fix: ['TOO_LARGE'],
      refuse: ['UNSUPPORTED_FORMAT', 'BAD_INPUT', 'DEVICE_REFUSED'],
      done: ['PARTLY_DONE'],
    };
    for (const [expected, list] of Object.entries(codes)) {
      for (const code of list) assert.equal(classOf(code), expected, code);
    }
  });

  it('follow what the system knows better', () => {
    assert.equal(classOf('BAD_INPUT', { details: { failure: 'hold' } }), 'hold');
    assert.equal(classOf('BAD_INPUT', { details: { failure: 'nonsense' } }), 'refuse');
  });

  it('hold what cannot pass by itself', () => {
    assert.equal(classOf('UNREACHABLE', { retryable: false }), 'hold');
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 22, 3, 0, 0);
  const date = (ms: number) => new Date(ms).toUTCString();

  it('is read as seconds and as a date against the clock of the server', () => {
    assert.equal(retryAfterMs({ 'retry-after': '120' }, now), 120_000);
    assert.equal(retryAfterMs({ 'retry-after': [' 7', '9'] }, now), 7_000);
    assert.equal(retryAfterMs({ 'retry-after': date(now + 5_000) }, now), 5_000);
    assert.equal(
      retryAfterMs({ 'retry-after': date(9e12 + 30_000), date: date(9e12) }, now),
      30_000,
      'the clock of the server is far away',
    );
    assert.equal(retryAfterMs({ 'retry-after': date(now - 5_000) }, now), 0);
  });

  it('is ignored when absent or no sense', () => {
    assert.equal(retryAfterMs({}, now), undefined);
    assert.equal(retryAfterMs({ 'retry-after': 'soon' }, now), undefined);
  });
});
