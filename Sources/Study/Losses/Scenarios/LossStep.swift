import Results
import SubbufferSourceConformance

/// A step of a loss scenario. Each is over before the next begins.
public indirect enum LossStep: Sendable, Equatable {
  /// The producer writes, as fast as it can, while the reader does nothing.
  case write(LoadAmount, Payload? = nil)
  /// The reader takes one sub-buffer, if there is one.
  case readOne
  /// The reader takes all there is.
  case readAll
  /// The reader ends the partial sub-buffer, where the ABI holds it back.
  case flush
  /// The reader takes one sub-buffer and gives it back when the steps in it are done. Its events are read at the end.
  case hold([LossStep])
  /// The producer writes at a rate, in bursts, and meanwhile the reader reads whatever is there. A rate of 0 is as fast
  /// as it goes.
  case keepUp(LoadAmount, rate: UInt64, burst: UInt64)
  /// The producer writes at a rate, in bursts of 20; the reader takes one sub-buffer each time N milliseconds have
  /// gone by.
  case readAtIntervals(LoadAmount, rate: UInt64, milliseconds: Int32)
  /// The reader, or who owns the ring buffer, does something to it.
  case control(RingControl)
  /// The producer begins to write an event and stays inside the write. What it is told to write until the end of it is
  /// written inside the write.
  case beginHeldWrite
  /// The producer ends the write it was held in.
  case endHeldWrite
  /// The producer is ended by `SIGKILL`.
  case killProducer
  /// The producer writes without end, as fast as it can, and is ended by `SIGKILL` when it has begun N events and
  /// as many more as the seed draws, up to a sub-buffer of them.
  case killProducerWriting(LoadAmount)
  /// The producer is stopped by `SIGSTOP` inside the write that it is held in.
  case stopProducer
  /// The producer goes on, by `SIGCONT`.
  case resumeProducer
  /// The steps, N times.
  case times(LoadCount, [LossStep])
}

/// The number of times that steps are repeated.
public enum LoadCount: Sendable, Equatable {
  /// So often.
  case exactly(Int)
  /// The number of repetitions with which steps that write N sub-buffers write as much as the profile's laps.
  case laps(perSubbuffers: Double)
}

/// The amount to write.
public enum LoadAmount: Sendable, Equatable {
  /// N events.
  case events(UInt64)
  /// The contents of N sub-buffers.
  case subbuffers(Double)
  /// N times what the writer's sub-buffers hold, and N events more or less.
  case capacity(Double, plus: Int = 0)
  /// As many times what the writer's sub-buffers hold as the profile's number.
  case laps
}

/// The bytes of an event besides its sequence number and its length word.
public enum Payload: Sendable, Equatable {
  /// A fixed number.
  case bytes(UInt32)
  /// A least number, and up to a number more as the seed draws.
  case mixed(least: UInt32, spread: UInt32)
  /// The fewest, from 16 on, with which full sub-buffers have N bytes left.
  case leaving(Int)
  /// The number with which a sub-buffer holds one event, and at most half of it stays empty.
  case onePerSubbuffer
  /// More than a sub-buffer has.
  case tooBig
}

/// A phase in the life of a ring buffer, by its reader.
public enum ReaderLife: Sendable, Equatable {
  /// No reader; only the producer acts.
  case nobody([LossStep])
  /// A reader, from its opening to its closing.
  case reader([LossStep])
  /// A reader in a process of its own, which takes one sub-buffer and is killed.
  case killedHolding
}
