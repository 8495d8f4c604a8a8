export { normalizeFingerprint } from './certificate';
export { HttpClient } from './client';
export { digestAlgorithm, digestHash, type DigestAlgorithm } from './digest/algorithm';
export { parseChallenges, type Challenge } from './digest/challenge';
export {
  DigestSession,
  readDigestChallenge,
  type DigestChallenge,
  type SignedRequest,
} from './digest/session';
export { DEFAULT_LIMITS } from './limits';
export * from './types';
