/** All operations, in the order of the document. */
import { addChannel, deleteChannel, listChannels, modifyChannel } from './channels';
import { followCommand, sendCommand } from './commands';
import { listLocalVideos, movePtz, setStreamLevel } from './device-commands';
import {
  createDevice,
  deleteDevice,
  getDevice,
  registerDevice,
  searchDevices,
  updateDevice,
} from './devices';
import {
  getBootAddress,
  getOnlineStatus,
  listDeviceMessages,
  passThrough,
  switchCamera,
} from './device-status';
import { deleteFile, downloadFile, listFiles, uploadFile } from './files';
import { getHistoryAddress, getPlayAddress, preloadHls, takeThumbnail } from './live';
import type { AnyOperation, NodeType } from './operation';
import { deletePicture, fetchPicture, getPictureInfo, listPictures, uploadPicture } from './pictures';
import { getEncryption, listPushers, listViewers, setEncryption, switchRecording } from './streams';
import { takePicture } from './take-picture';
import { deleteVideos, getVideo, getVideoAddress, getVideoToken, listVideos, renameVideo } from './videos';

export const operations: readonly AnyOperation[] = [
  createDevice,
  registerDevice,
  updateDevice,
  getDevice,
  searchDevices,
  deleteDevice,
  listChannels,
  deleteChannel,
  addChannel,
  modifyChannel,
  sendCommand,
  followCommand,
  setStreamLevel,
  movePtz,
  listLocalVideos,
  takePicture,
  getPlayAddress,
  getHistoryAddress,
  preloadHls,
  takeThumbnail,
  uploadPicture,
  listPictures,
  getPictureInfo,
  deletePicture,
  fetchPicture,
  getVideo,
  listVideos,
  getVideoAddress,
  deleteVideos,
  renameVideo,
  getVideoToken,
  setEncryption,
  getEncryption,
  getOnlineStatus,
  listDeviceMessages,
  getBootAddress,
  passThrough,
  switchRecording,
  listViewers,
  listPushers,
  switchCamera,
  uploadFile,
  downloadFile,
  deleteFile,
  listFiles,
];

export function operationsOf(node: NodeType): readonly AnyOperation[] {
  return operations.filter((operation) => operation.node === node);
}

export function operationNamed(name: string): AnyOperation | undefined {
  return operations.find((operation) => operation.name === name);
}
