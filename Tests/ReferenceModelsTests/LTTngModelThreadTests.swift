import CTFPackets
import Foundation
import ReferenceModels
import SubbufferSource
import Synchronization
import Testing

/// The same steps on the machine's atomics, with a thread that writes.
@Suite struct LTTngModelThreadTests {
  @Test(arguments: RingMode.allCases, [8, 100])
  func aWriterAndAReader(_ mode: RingMode, payload: Int) throws {
    let count = 20_000
    let channel = try LTTngModelChannel(LTTngModelAttributes(mode: mode, subbufferSize: 1024, subbufferCount: 4))
    var source = try LTTngModelSource(channel.stream())
    let total = Total()
    Thread.detachNewThread {
      for first in stride(from: 0, to: count, by: 20) {
        if let written = try? channel.writer.write(first: UInt64(first), count: 20, payload: payload) {
          total.add(written)
        }
        sched_yield()
      }
      channel.writer.close()
    }
    var sequences: [UInt64] = []
    var numbers: [UInt64] = []
    var turns = 0
    var ended = false
    var found = true
    while !ended {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        numbers.append(subbuffer.number)
        var whole = true
        try LTTngModelDecoder().forEachEvent(in: subbuffer) { event, bytes in
          guard let sequence = event.sequenceNumber(in: bytes) else { return }
          sequences.append(sequence)
          for index in 0..<(payload + 7) / 8 {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: event.payloadOffset + 8 + index * 8, as: UInt64.self)
            whole = whole && word == sequence &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
          }
        }
        try subbuffer.release()
        #expect(whole)
        found = true
      case .nothingYet: found = false
      case .finished: ended = true
      }
      if !found { _ = try source.wait(-1) }
      // Flushes race with the writer's reservations.
      turns += 1
      if found, turns % 5 == 0 { _ = try source.flush() }
    }
    #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    let (accepted, discarded) = total.value
    #expect(accepted + discarded == count)
    let told = try source.lossChannels()
    #expect(told.first?.loss == Loss.counted(UInt64(discarded)))
    if mode == .discard {
      #expect(sequences.count == accepted)
      #expect(told.first { $0.channel == .sequenceGap }?.loss == Loss.none)
    } else {
      #expect(sequences.count <= accepted)
      #expect((told.first { $0.channel == .sequenceGap }?.loss.saysLost ?? false) == (sequences.count < accepted))
    }
    #expect(channel.writerErrorCount == 0 && channel.readerErrorCount == 0)
  }

  private final class Total: Sendable {
    private let sum = Mutex((accepted: 0, discarded: 0))
    func add(_ written: LTTngModelWriter.Written) {
      sum.withLock {
        $0.accepted += written.accepted
        $0.discarded += written.discarded
      }
    }
    var value: (accepted: Int, discarded: Int) { sum.withLock { $0 } }
  }
}
