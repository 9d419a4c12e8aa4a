import AbiCompareCommand
import BackendList
import SharedRingBackend
import Study

AbiCompareCommand.main(backends: BackendSet.merged([BackendList.set, SharedRing.set]))
