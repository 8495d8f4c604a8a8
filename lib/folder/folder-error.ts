/** What a failure of the disk means for pictures to be saved. */
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
const BROKEN: Sentence = [
  'UNREACHABLE',
  text('The folder {{folder}} cannot be used ({{errno}}). Check its disk.'),
];

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
    details: { folder, errno },
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
