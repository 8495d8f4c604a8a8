/** What a failure of the disk means for pictures to be saved. */
import type { FailureClass } from '../delivery';
import { isSnapflowError, SnapflowError, type ErrorCode } from '../errors';
import { text } from '../texts/mark';

type Sentence = [code: ErrorCode, text: string];

const FULL: Sentence = [
  'QUOTA_EXCEEDED',
  text('The disk of the folder {{folder}} is full ({{errno}}). Make room, or keep fewer pictures.'),
];
const NOT_WRITABLE: Sentence = [
  'UNREACHABLE',
  text(
    'The folder {{folder}} cannot be written ({{errno}}). Check its owner and rights, and that its disk is not read-only.',
  ),
];
const GONE: Sentence = [
  'UNREACHABLE',
  text('The folder {{folder}} is not there ({{errno}}). Check its name, and that its disk is mounted.'),
];
const NAME: Sentence = [
  'BAD_INPUT',
  text(
    'The name of a picture cannot be used in {{folder}} ({{errno}}): a file, a link or a folder is in its way. Change the pattern.',
  ),
];
const NO_FOLDER: Sentence = [
  'BAD_INPUT',
  text(
    '{{folder}} is not a folder ({{errno}}): a file or a link stands there. Name another folder, or remove it.',
  ),
];
const ANOTHER: Sentence = [
  'UNREACHABLE',
  text(
    'The folder {{folder}} is not the one from before: its list {{index}} is missing. Check that its disk is mounted. If it is a new one, deploy the node again.',
  ),
];
const BROKEN: Sentence = [
  'UNREACHABLE',
  text('The folder {{folder}} cannot be used ({{errno}}). Check its disk.'),
];

/** Unlike a platform's quota: somebody makes room, or the oldest pictures go. */
export const PASSES: Readonly<{ failure: FailureClass }> = { failure: 'retry' };

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EROFS: NOT_WRITABLE,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  ENOENT: GONE,
  ENODEV: GONE,
  ESTALE: GONE,
  ENOTDIR: NAME,
  EISDIR: NAME,
  ELOOP: NAME,
  EEXIST: NAME,
  ENAMETOOLONG: NAME,
};

export function folderError(error: unknown, folder: string): SnapflowError {
  if (isSnapflowError(error)) return error;
  const errno = errnoOf(error);
  const [code, sentence] = SENTENCES[errno] ?? BROKEN;
  return new SnapflowError(code, sentence, {
    values: { folder, errno: errno || 'unknown' },
    ...(code !== 'BAD_INPUT' && { retryable: true }),
    cause: error,
    details: { folder, errno, ...(code === 'QUOTA_EXCEEDED' && PASSES) },
  });
}

/** The folder itself cannot be opened: no picture is to blame, they wait until somebody changes something. */
export function openError(error: unknown, folder: string): SnapflowError {
  const told = folderError(error, folder);
  if (told.code !== 'BAD_INPUT') return told;
  const errno = String(told.details?.['errno']);
  const failure: FailureClass = 'hold';
  const [code, sentence] = NO_FOLDER;
  return new SnapflowError(code, sentence, {
    values: { folder, errno },
    cause: told.cause,
    details: { folder, errno, failure },
  });
}

/** There is a folder, but not the one in which we wrote: most likely the disk above it is not mounted. */
export function anotherFolder(folder: string, index: string): SnapflowError {
  const [code, sentence] = ANOTHER;
  return new SnapflowError(code, sentence, {
    values: { folder, index },
    details: { folder, errno: 'ENOENT' },
  });
}

/** Something stands where a folder or file of ours should be. */
export function inTheWay(folder: string, errno: 'ENOTDIR' | 'EISDIR' | 'ELOOP'): SnapflowError {
  return folderError(Object.assign(new Error(errno), { code: errno }), folder);
}

export function errnoOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
