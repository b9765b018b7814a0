internal import MartletCore
