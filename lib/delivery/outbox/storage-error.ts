import { isSnapflowError, SnapflowError, type ErrorCode, type System } from '../../errors';
import { text } from '../../texts/mark';
import { errnoOf } from './files';

interface Sentence {
  code: ErrorCode;
  text: string;
}

const FULL: Sentence = {
  code: 'QUEUE_FULL',
  text: text(
    'The disk of the outbox folder {{folder}} is full ({{errno}}). What was accepted is kept; make room, it goes on by itself.',
  ),
};
const NOT_WRITABLE: Sentence = {
  code: 'UNREACHABLE',
  text: text(
    'The outbox folder {{folder}} cannot be written ({{errno}}). Check its owner and rights, and that the disk is not read-only.',
  ),
};
const GONE: Sentence = {
  code: 'UNREACHABLE',
  text: text(
    'The outbox folder {{folder}} is not there ({{errno}}). Check that its disk is mounted; it goes on by itself when it is back.',
  ),
};
const BROKEN: Sentence = {
  code: 'UNREACHABLE',
  text: text('The outbox folder {{folder}} cannot be used ({{errno}}). Check its disk.'),
};

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EROFS: NOT_WRITABLE,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  ENOENT: GONE,
  ENOTDIR: GONE,
  ENODEV: GONE,
  ESTALE: GONE,
};

/** What a failure of the disk means. Never final: a disk can be emptied, mounted or mended. */
export function storageError(error: unknown, folder: string, system: System): SnapflowError {
  if (isSnapflowError(error)) return error;
  const errno = errnoOf(error);
  const sentence = SENTENCES[errno] ?? BROKEN;
  return new SnapflowError(sentence.code, sentence.text, {
    system,
    values: { folder, errno: errno || 'unknown' },
    retryable: true,
    cause: error,
    details: { folder, errno },
  });
}
