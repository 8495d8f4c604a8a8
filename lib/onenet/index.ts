/** OneNET video: every operation of its API as a typed function, each with its description. */
export { Account, DEFAULT_BASE_URL, HTTPS_BASE_URL, type AccountOptions, type Dialect } from './account';
export * from './addresses';
export * from './channels';
export type { CommandAnswer, CommandResult, CommandState } from './command-answer';
export { followCommand, sendCommand } from './commands';
export * from './describe';
export { listLocalVideos, movePtz, setStreamLevel, type LocalVideo } from './device-commands';
export * from './devices';
export * from './device-status';
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
export * from './picture-watch';
export * from './streams';
export * from './take-picture';
export * from './test-account';
export type { TokenMethod } from './token';
export * from './videos';
export { fileWatchStore, type WatchState, type WatchStore } from './watch-state';
