/** The fields of a dialog for a port of its own → what the server is told. */
import { SnapflowError, type System } from '../../lib/errors';
import type { ListenOptions } from '../../lib/server/listener';
import type { ServerTls } from '../../lib/server/tls';
import type { Red } from './red';
import { tlsConfigSettings } from './tls';

export interface ListenConfig {
  host?: string;
  port?: string | number;
  /** Plain HTTP, files of key and certificate (renewed while it runs), or a tls-config node. */
  tlsMode?: 'none' | 'files' | 'config';
  certFile?: string;
  keyFile?: string;
  /** Id of a tls-config node. */
  tls?: string;
}

/** @throws SnapflowError `BAD_INPUT` for a certificate that is not complete */
export function listenOptions(
  RED: Red,
  config: ListenConfig,
  system: System,
  usualPort: number,
): ListenOptions {
  const { host, port = '' } = config;
  const tls = encryption(RED, config, system);
  return {
    port: port === '' ? usualPort : Number(port),
    ...(host && { host }),
    ...(tls && { tls }),
  };
}

/** Key and certificate; undefined for plain HTTP. */
function encryption(RED: Red, config: ListenConfig, system: System): ServerTls | undefined {
  const { certFile = '', keyFile = '', tls, tlsMode = 'none' } = config;
  if (tlsMode === 'none') return undefined;
  if (tlsMode === 'files') {
    // What they hold is looked at when the server listens, again and again until it can be used.
    if (certFile !== '' && keyFile !== '') return { certFile, keyFile };
    throw new SnapflowError('BAD_INPUT', 'Name the files of the certificate and of its key.', { system });
  }
  const { ca, cert, key, passphrase } = tlsConfigSettings(RED, tls) ?? {};
  if (!key || !cert) {
    throw new SnapflowError('BAD_INPUT', 'The TLS configuration of a server needs a key and a certificate.', {
      system,
    });
  }
  return { cert, key, ...(ca !== undefined && { ca }), ...(passphrase !== undefined && { passphrase }) };
}
