/** What a client knows about the login of its server, kept from call to call so that a warm call needs no 401. */
import { SnapflowError, type System } from '../errors';
import { parseChallenges, parseParameters, type Challenge } from './digest/challenge';
import { DigestSession, readDigestChallenge, type SignedRequest } from './digest/session';
import type { Credentials } from './types';

export interface LoginOptions {
  credentials: Credentials;
  /** Whether a Basic challenge may be answered, which sends the password itself. */
  allowBasic: boolean;
  system: System;
  /** Host and port, for errors. */
  address: string;
}

/** Signs requests: with a digest nonce or with Basic. */
export interface Session {
  authorize(request: SignedRequest): string;
  continueWith?(nonce: string): void;
}

export type HeaderValue = string | string[] | undefined;

export interface Challenged {
  session: Session;
  /** The server says that only the nonce was too old, not that user or password are wrong. */
  stale: boolean;
}

export class Login {
  /** Answers the next request without being asked first. */
  session: Session | undefined;
  /** Method and path that answered a bodyless request without asking for a login. */
  openTarget: string | undefined;

  constructor(private readonly options: LoginOptions) {}

  /**
   * Takes up the strongest challenge of a 401.
   * @throws SnapflowError `AUTH_REJECTED` when there is none that can or may be answered
   */
  challenged(header: HeaderValue): Challenged {
    const challenges = parseChallenges(header);
    const strongest = challenges
      .flatMap((challenge) => {
        const digest = readDigestChallenge(challenge);
        return digest ? [{ digest, stale: isStale(challenge) }] : [];
      })
      .sort((one, other) => other.digest.algorithm.strength - one.digest.algorithm.strength)[0];
    if (strongest) {
      const { digest, stale } = strongest;
      this.session = new DigestSession(digest, this.options.credentials);
      return { session: this.session, stale };
    }
    this.session = this.#basic(challenges);
    return { session: this.session, stale: false };
  }

  /** Takes up what a server says beside an accepted request. */
  accepted(session: Session, authenticationInfo: HeaderValue): void {
    if (authenticationInfo === undefined) return;
    const next = parseParameters(authenticationInfo).get('nextnonce');
    if (next) session.continueWith?.(next);
  }

  /** Forgets a login that the server refused, so that the next call tries once and not twice. */
  refused(session: Session): void {
    if (this.session === session) this.session = undefined;
  }

  /** @param message what the server said beside its 401, as it came */
  rejection(message: string | undefined): SnapflowError {
    return new SnapflowError(
      'AUTH_REJECTED',
      '{{address}} refused the user or the password. Check both before the next try: many cameras lock a user after a few wrong ones.',
      {
        system: this.options.system,
        values: { address: this.options.address },
        platform: { httpStatus: 401, ...(message !== undefined && { message }) },
      },
    );
  }

  #basic(challenges: Challenge[]): Session {
    const { credentials, allowBasic, system, address } = this.options;
    const platform = { httpStatus: 401 };
    if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      throw new SnapflowError(
        'AUTH_REJECTED',
        '{{address}} asks for a login that is not supported (it offers: {{offered}}). Set the device to digest authentication.',
        { system, platform, values: { address, offered: describeOffer(challenges) } },
      );
    }
    if (!allowBasic) {
      throw new SnapflowError(
        'AUTH_REJECTED',
        '{{address}} asks for the password in the clear (Basic). Set the device to digest authentication, or use https and allow Basic.',
        { system, platform, values: { address } },
      );
    }
    const login = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    return { authorize: () => `Basic ${login}` };
  }
}

function isStale({ parameters }: Challenge): boolean {
  return parameters.get('stale')?.toLowerCase() === 'true';
}

/** Schemes and algorithms, such as `Digest SHA-384, NTLM`; `-` when the server named none. */
function describeOffer(challenges: Challenge[]): string {
  const offers = challenges.map(({ scheme, parameters }) =>
    [scheme, parameters.get('algorithm')].filter((word) => word !== undefined).join(' '),
  );
  return offers.join(', ').slice(0, 120) || '-';
}
