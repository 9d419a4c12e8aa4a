import Study
import SubbufferSource

/// The capabilities that no model has.
enum ModelRing {
  static func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .producerProcess: "the model's writer is a thread of this program"
    case .heldWrite, .stopInsideWrite, .nestedWrites: "the model's writer ends each write that it begins"
    case .readerProcess: "the model's memory is this program's own"
    case .switchTimer: "the model has no timer"
    case .control(let control): "the model has no such call (\(control.rawValue))"
    }
  }

  static func cannot(_ call: String) -> SourceError {
    SourceError(.usage, call: call, detail: "not possible on a model")
  }
}
