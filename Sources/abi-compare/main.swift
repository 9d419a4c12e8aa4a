import AbiCompareCommand
import BackendList

AbiCompareCommand.main(backends: BackendList.set)
