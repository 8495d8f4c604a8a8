import { createHash } from 'node:crypto';

/**
 * The name of a lane that belongs to a secret (an AccessToken): 20 hex digits of its SHA-256, so that states, lists
 * and file names can show the lane and never the secret.
 */
export function laneKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 20);
}
