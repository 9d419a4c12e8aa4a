import Glibc
import ReferenceModels
import Testing

/// The operations of both memories, and atomicity of the shared one between threads.
@Suite struct MemoryTests {
  @Test func steppedMemoryKeepsTheProtocol() {
    var memory = SteppedMemory(wordCount: 2)
    checkEveryOperation(on: &memory)
  }

  @Test func sharedMemoryKeepsTheProtocol() throws {
    let shared = try SharedMemory(wordCount: 2)
    var memory = shared.words
    checkEveryOperation(on: &memory)
  }

  @Test func aCopyOfSteppedMemoryIsItsOwn() {
    var memory = SteppedMemory(wordCount: 1)
    let before = memory
    memory.store(1, to: 0, .release)
    #expect(before != memory)
    memory.store(0, to: 0, .release)
    #expect(before == memory && before.hashValue == memory.hashValue)
  }

  @Test func sharedMemoryBeginsAtAPageAndItsBytesAreItsWords() throws {
    let shared = try SharedMemory(wordCount: 3)
    let words = shared.words
    #expect(UInt(bitPattern: words.baseAddress) % UInt(sysconf(Int32(_SC_PAGESIZE))) == 0)
    words.writePlain(0x1122_3344_5566_7788, to: 2)
    #expect(words.baseAddress.load(fromByteOffset: 16, as: UInt64.self) == 0x1122_3344_5566_7788)
  }

  @Test func memoryThatCannotBeIsRefused() {
    #expect(throws: (any Error).self) { try SharedMemory(wordCount: 0) }
    #expect(throws: (any Error).self) { try SharedMemory(wordCount: .max) }
    #expect(throws: (any Error).self) { try SharedMemory(wordCount: 1 << 58) }
  }

  @Test func threadsAddWithoutLosingAny() async throws {
    let shared = try SharedMemory(wordCount: 2)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let words = shared.words
          for _ in 0..<10_000 {
            _ = words.fetchAdd(0, 1, .relaxed)
            while true {
              let seen = words.load(1, .relaxed)
              if words.compareExchange(1, expected: seen, desired: seen + 2, .acquireRelease).exchanged { break }
            }
          }
        }
      }
    }
    #expect(shared.words.load(0, .acquire) == 40_000)
    #expect(shared.words.load(1, .acquire) == 80_000)
  }

  private func checkEveryOperation<Memory: AtomicMemory>(on memory: inout Memory) {
    var read = memory.load(1, .acquire)
    #expect(read == 0)
    memory.store(5, to: 1, .release)
    read = memory.load(0, .relaxed)
    #expect(read == 0)
    read = memory.load(1, .sequentiallyConsistent)
    #expect(read == 5)
    for order in [UpdateOrder.relaxed, .acquire, .release, .acquireRelease, .sequentiallyConsistent] {
      memory.store(5, to: 1, .sequentiallyConsistent)
      var exchange = memory.compareExchange(1, expected: 4, desired: 9, order)
      #expect(exchange == (false, 5))
      exchange = memory.compareExchange(1, expected: 5, desired: .max, order)
      #expect(exchange == (true, 5))
      read = memory.fetchAdd(1, 3, order)
      #expect(read == .max)
      read = memory.load(1, .relaxed)
      #expect(read == 2)
    }
    memory.writePlain(7, to: 0)
    read = memory.readPlain(0)
    #expect(read == 7)
    read = memory.readPlain(1)
    #expect(read == 2)
  }
}
