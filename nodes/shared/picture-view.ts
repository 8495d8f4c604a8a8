/** Pictures → JSON for a dialog, which shows them. */
import type { Picture, PictureInfo } from '../../lib/picture';

export interface PictureView extends Pick<PictureInfo, 'format' | 'mime' | 'width' | 'height' | 'bytes'> {
  /** The file in base64. */
  data: string;
}

export function pictureView({ data, info }: Picture): PictureView {
  const { format, mime, width, height, bytes } = info;
  return { format, mime, width, height, bytes, data: data.toString('base64') };
}
