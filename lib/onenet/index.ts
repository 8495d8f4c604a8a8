/** OneNET video: every operation of its API as a typed function, each with its description. */
export { Account, DEFAULT_BASE_URL, HTTPS_BASE_URL, type AccountOptions, type Dialect } from './account';
export * from './addresses';
export * from './channels';
export type { CommandAnswer, CommandResult, CommandState } from './commandAnswer';
export { followCommand, sendCommand } from './commands';
export * from './describe';
export { listLocalVideos, movePtz, setStreamLevel, type LocalVideo } from './deviceCommands';
export * from './devices';
export * from './deviceStatus';
export type { Field, Fields, FieldType, Input, Limits } from './fields';
export * from './files';
export { getHistoryAddress, getPlayAddress, preloadHls, takeThumbnail, type PlayAddress } from './live';
export {
  runOperation,
  type AnyOperation,
  type CallOptions,
  type NodeType,
  type OperationInfo,
  type Output,
} from './operation';
export * from './operations';
export {
  deletePicture,
  fetchPicture,
  getPictureInfo,
  listPictures,
  uploadPicture,
  type StoredPicture,
  type UploadedPicture,
} from './pictures';
export * from './pictureWatch';
export * from './streams';
export * from './takePicture';
export * from './testAccount';
export type { TokenMethod } from './token';
export * from './videos';
export { fileWatchStore, type WatchState, type WatchStore } from './watchState';
