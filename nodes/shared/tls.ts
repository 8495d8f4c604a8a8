/** A dialog's choice of how a server's certificate is judged → what the HTTP client is told. */
import { SnapflowError } from '../../lib/errors';
import type { TlsSettings } from '../../lib/http/types';
import type { Red, RedNode } from './red';

/** `verify` against the system's authorities, `pin` one certificate, `config` a tls-config node, `off`. */
export type TlsMode = 'verify' | 'pin' | 'config' | 'off';

export interface TlsChoice {
  tlsMode?: TlsMode;
  /** SHA-256 of the certificate to trust, for `pin`. */
  fingerprint?: string;
  /** Id of a tls-config node, for `config`. */
  tls?: string;
}

/** What Node-RED's own `tls-config` node offers (nodes/core/network/05-tls.js). */
interface TlsConfigNode extends RedNode {
  valid?: boolean;
  addTLSOptions(options: Record<string, unknown>): Record<string, unknown>;
}

/**
 * The settings of a choice; undefined means verified against the system's authorities.
 * @throws SnapflowError `BAD_INPUT` when the choice is incomplete
 */
export function tlsSettings(RED: Red, choice: TlsChoice): TlsSettings | undefined {
  switch (choice.tlsMode ?? 'verify') {
    case 'verify':
      return undefined;
    case 'pin':
      if (!choice.fingerprint) {
        throw new SnapflowError(
          'BAD_INPUT',
          'No certificate fingerprint is set: trust the camera once in its dialog.',
        );
      }
      return { fingerprint: choice.fingerprint };
    case 'config':
      return tlsConfigSettings(RED, choice.tls);
    case 'off':
      return { rejectUnauthorized: false };
  }
}

/**
 * The settings of a tls-config node; undefined when none is chosen.
 * @throws SnapflowError `BAD_INPUT` when it is missing, disabled or could not read its files
 */
export function tlsConfigSettings(RED: Red, id: string | undefined): TlsSettings | undefined {
  if (!id) return undefined;
  const found = RED.nodes.getNode<TlsConfigNode>(id);
  if (!found || found.valid === false) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The TLS configuration is missing, disabled or cannot read its files.',
    );
  }
  // ALPN is left out: it is the HTTP client that knows which protocols it speaks.
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = found.addTLSOptions(
    {},
  ) as TlsSettings;
  const given = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
