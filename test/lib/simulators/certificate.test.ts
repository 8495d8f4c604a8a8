import assert from 'node:assert/strict';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { connect, createServer, type ConnectionOptions } from 'node:tls';
import { selfSignedCertificate, type SelfSigned } from '../../../lib/simulators/certificate';

/** Connects to a server with the certificate; resolves with the client's verdict. */
async function handshake(own: SelfSigned, options: ConnectionOptions): Promise<string> {
  const server = createServer({ key: own.key, cert: own.cert }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options });
  try {
    await once(socket, 'secureConnect');
    return socket.authorized ? 'authorized' : String(socket.authorizationError);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('selfSignedCertificate', () => {
  it('is accepted by TLS when it is given as its own authority, by name and by address', async () => {
    const own = selfSignedCertificate({ commonName: 'camera', altNames: ['camera.test', '127.0.0.1'] });
    assert.equal(await handshake(own, { ca: own.cert, servername: 'camera.test' }), 'authorized');
    assert.equal(await handshake(own, { ca: own.cert }), 'authorized');
  });

  it('is refused without that, for another name, when expired and when not yet valid', async () => {
    const own = selfSignedCertificate({ commonName: 'camera' });
    assert.equal(await handshake(own, {}), 'DEPTH_ZERO_SELF_SIGNED_CERT');
    assert.equal(
      await handshake(own, { ca: own.cert, servername: 'other.test' }),
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    const past = selfSignedCertificate({ commonName: 'old', notAfter: new Date(Date.now() - 60_000) });
    assert.equal(await handshake(past, { ca: past.cert }), 'CERT_HAS_EXPIRED');
    const future = selfSignedCertificate({ commonName: 'new', notBefore: new Date(Date.now() + 3_600_000) });
    assert.equal(await handshake(future, { ca: future.cert }), 'CERT_NOT_YET_VALID');
  });

  it('tells the SHA-256 fingerprint of its own bytes', () => {
    const { cert, fingerprint } = selfSignedCertificate({ commonName: 'camera' });
    const sum = createHash('sha256').update(new X509Certificate(cert).raw).digest('hex').toUpperCase();
    assert.match(fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.equal(fingerprint.replaceAll(':', ''), sum);
  });

  it('holds names, addresses of both families, authority and times as asked', () => {
    const notBefore = new Date('2024-02-29T23:59:58Z');
    const notAfter = new Date('2050-01-02T03:04:05Z');
    const { cert, key } = selfSignedCertificate({
      commonName: '摄像头 1',
      altNames: ['localhost', '192.0.2.7', '::1', '2001:db8::a:0:1', '::ffff:192.0.2.128'],
      notBefore,
      notAfter,
    });
    const read = new X509Certificate(cert);
    assert.equal(read.subject, 'CN=摄像头 1');
    assert.equal(read.issuer, read.subject);
    assert.equal(
      read.subjectAltName,
      'DNS:localhost, IP Address:192.0.2.7, IP Address:0:0:0:0:0:0:0:1, ' +
        'IP Address:2001:DB8:0:0:0:A:0:1, IP Address:0:0:0:0:0:FFFF:C000:280',
    );
    assert.equal(new Date(read.validFrom).getTime(), notBefore.getTime());
    assert.equal(new Date(read.validTo).getTime(), notAfter.getTime());
    assert.equal(read.ca, true);
    assert.ok(read.verify(read.publicKey), 'signed by itself');
    assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  });

  it('has a serial number of its own each time, valid for the days asked', () => {
    const [one, two] = [1, 2].map(() => selfSignedCertificate({ commonName: 'same', days: 2 }));
    const [a, b] = [new X509Certificate(one!.cert), new X509Certificate(two!.cert)];
    assert.notEqual(a.serialNumber, b.serialNumber);
    const left = new Date(a.validTo).getTime() - Date.now();
    assert.ok(left > 1.9 * 86_400_000 && left <= 2 * 86_400_000, `${left} ms left`);
  });
});
