/// Copies the packet that is held out of the memory, one word a step, as a reader looks at it while the writer goes on.
struct LTTngReadPacket: StepMachine {
  let layout: LTTngLayout
  private var stage = Stage.id
  private var words: [UInt64] = []

  private enum Stage: Hashable {
    case id, dataSize(subbuffer: Int), word(first: Int, left: Int)
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<[UInt64]> {
    switch stage {
    case .id:
      let id = LTTngSubbufferID(rawValue: memory.readPlain(layout.readerID))
      stage = .dataSize(subbuffer: id.subbuffer)
    case .dataSize(let subbuffer):
      let size = min(memory.readPlain(layout.dataSize(subbuffer)), layout.subbufferSize)
      guard size > 0 else { return .done([]) }
      stage = .word(first: layout.words(ofSubbuffer: subbuffer), left: Int(size / 8))
    case .word(let first, let left):
      words.append(memory.readPlain(first + words.count))
      guard left > 1 else { return .done(words) }
      stage = .word(first: first, left: left - 1)
    }
    return .more
  }
}
