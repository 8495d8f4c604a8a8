/** A decoded picture: 8 bits a channel, row after row. */
export interface Raw {
  data: Buffer;
  width: number;
  height: number;
  /** 1 grey, 2 grey with transparency, 3 colours, 4 colours with transparency. */
  channels: 1 | 2 | 3 | 4;
}
