/** Who may push. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { SnapflowError } from '../../errors';

export type ReceiverLogin =
  | { kind: 'none' }
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'bearer'; token: string };

export class Gate {
  readonly #wanted: string | undefined;

  /** @throws SnapflowError `BAD_INPUT` when the secret is missing: it would let everybody in */
  constructor(private readonly login: ReceiverLogin) {
    this.#wanted = wantedHeader(login);
  }

  /** What a caller without the right login is told to use. */
  get challenge(): string {
    return this.login.kind === 'bearer' ? 'Bearer' : 'Basic realm="Snapflow", charset="UTF-8"';
  }

  /** @param authorization the header; compared in constant time */
  lets(authorization: string | undefined): boolean {
    if (this.#wanted === undefined) return true;
    const [, scheme = '', secret = ''] = /^(\S+)\s+(.*)$/.exec(authorization?.trim() ?? '') ?? [];
    return timingSafeEqual(digest(`${scheme.toLowerCase()} ${secret}`), digest(this.#wanted));
  }
}

function wantedHeader(login: ReceiverLogin): string | undefined {
  switch (login.kind) {
    case 'none':
      return undefined;
    case 'basic':
      if (login.username === '' && login.password === '') throw missing();
      return `basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
    case 'bearer':
      if (login.token === '') throw missing();
      return `bearer ${login.token}`;
  }
}

function missing(): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    'Fill in what cameras have to show (user and password, or a token), or choose that nothing is asked.',
  );
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
