export { padJpeg } from './pad';
export { Scene, type PictureWish, type SceneOptions } from './scene';
