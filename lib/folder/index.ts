/** Pictures into a folder of this machine. */
export { PictureFolder, type PictureFolderOptions, type Saved } from './picture-folder';
