/** Judges the certificate of a server: by authority and name, by a pinned fingerprint, or not at all. */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { SnapflowError, type System } from '../errors';
import { text } from '../texts/mark';
import type { TlsSettings } from './types';

/** Node's reasons in words. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: text('it has expired'),
  CERT_NOT_YET_VALID: text('it is not valid yet (check the clocks)'),
  DEPTH_ZERO_SELF_SIGNED_CERT: text('it is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: text('its authority is not known here'),
  UNABLE_TO_GET_ISSUER_CERT: text('its authority is not known here'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: text('its authority is not known here'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: text('its authority is not known here'),
  ERR_TLS_CERT_ALTNAME_INVALID: text('it was made for another name or address'),
};

/**
 * A SHA-256 fingerprint as `AB:CD:…`. Takes hex digits in any case, with or without colons and blanks, also as
 * openssl prints it (`sha256 Fingerprint=AB:CD:…`).
 * @throws SnapflowError `BAD_INPUT` when it is not 32 bytes of hex
 */
export function normalizeFingerprint(fingerprint: string, system: System = 'snapflow'): string {
  const hex = fingerprint.replace(/^.*=/s, '').replace(/[\s:]/g, '').toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(hex)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The certificate fingerprint must be SHA-256: 64 hex digits, such as AB:CD:… (found {{count}} characters).',
      { system, values: { count: hex.length } },
    );
  }
  return hex.replace(/..(?!$)/g, '$&:');
}

/**
 * Why the certificate of a new connection is refused, or undefined when it is accepted. Node only noted its own
 * verdict (`rejectUnauthorized: false`), so that a refusal can name the certificate seen; nothing may be written
 * to the socket before this has been asked.
 */
export function refuseCertificate(
  socket: TLSSocket,
  tls: TlsSettings,
  peer: { system: System; address: string },
): SnapflowError | undefined {
  const certificate = socket.getPeerX509Certificate();
  const fingerprint = certificate?.fingerprint256 ?? '-';
  if (tls.fingerprint !== undefined) {
    if (fingerprint === normalizeFingerprint(tls.fingerprint, peer.system)) return undefined;
    return new SnapflowError(
      'CERTIFICATE_REJECTED',
      '{{address}} showed another certificate than the trusted one: {{fingerprint}}. Trust it only if you know why it changed; someone may stand in between.',
      {
        system: peer.system,
        values: { address: peer.address, fingerprint },
        details: describeCertificate(certificate, 'FINGERPRINT_MISMATCH'),
      },
    );
  }
  if (socket.authorized || tls.rejectUnauthorized === false) return undefined;
  const reason = String(socket.authorizationError);
  return new SnapflowError(
    'CERTIFICATE_REJECTED',
    'The certificate of {{address}} was not accepted: {{reason}}. Trust exactly this one by its SHA-256 fingerprint {{fingerprint}}, give its authority (CA), or correct the address.',
    {
      system: peer.system,
      values: { address: peer.address, reason: REASONS[reason] ?? reason, fingerprint },
      details: describeCertificate(certificate, reason),
    },
  );
}

/** Facts by which a person decides whether to trust it. `reason` is Node's code. */
function describeCertificate(
  certificate: X509Certificate | undefined,
  reason: string,
): Record<string, unknown> {
  if (!certificate) return { reason };
  const validTo = new Date(certificate.validTo);
  return {
    reason,
    fingerprint: certificate.fingerprint256,
    subject: certificate.subject?.replace(/\n/g, ', ') ?? '',
    validTo: Number.isNaN(validTo.getTime()) ? certificate.validTo : validTo.toISOString(),
  };
}
