/**
 * What a camera answers to the instruction `CAMERA,9,4`: `(terminal,1,001,CAMERA,9,4,status,file)`. Status 0 is done,
 * 1 is busy. The file is the stem of the names of all files that belong to the instruction; it tells nothing about
 * terminal or time of this answer.
 */
export interface CameraReply {
  terminal: string;
  status: number;
  /** Such as `700160818000_1769373855`. */
  file?: string;
}

const REPLY = /\(\s*(\w+)\s*,\s*1\s*,\s*001\s*,\s*CAMERA\s*,\s*9\s*,\s*4\s*,\s*(\d{1,9})\s*(?:,([^)]*))?\)/;

/** The first such answer in a text; undefined when there is none. */
export function parseCameraReply(text: string): CameraReply | undefined {
  const [, terminal, status, file = ''] = REPLY.exec(text) ?? [];
  if (terminal === undefined) return undefined;
  const stem = file.split(',')[0]?.trim();
  return { terminal, status: Number(status), ...(stem && { file: stem }) };
}
