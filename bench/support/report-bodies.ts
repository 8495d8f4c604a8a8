/** The body of a face report (§2.1): three pictures, and one Chinese name, which makes a naive reader's text two bytes wide. */
import { randomBytes } from 'node:crypto';
import { Scene } from '../../lib/simulators';

const FIELDS = {
  did: '1234512',
  time: 1_635_066_908,
  name: '张三',
  age: 30,
  gender: 1,
  uuid: '123456',
};
/** Parts of the body that are the face, the body, and the place. */
const SHARES = { face_data: 0.15, body_data: 0.15, bg_data: 0.7 };

/** @param bytes of the whole body, nearly */
export function reportOf(bytes: number): Buffer {
  const jpeg = new Scene({ name: 'bench', width: 64, height: 36 }).picture();
  const data = Object.fromEntries(
    Object.entries(SHARES).map(([name, share]) => {
      const filler = randomBytes(Math.max(0, Math.floor(bytes * share * 0.75) - jpeg.length));
      return [name, `data:image/jpeg;base64,${Buffer.concat([jpeg, filler]).toString('base64')}`];
    }),
  );
  return Buffer.from(JSON.stringify({ ...FIELDS, data }));
}
