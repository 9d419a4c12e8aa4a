import Study

/// The calls of one round of reading, in order.
struct OperationLog {
  let backend: String
  private(set) var records: [OperationRecord] = []

  init(backend: String) {
    self.backend = backend
  }

  mutating func add(
    _ step: OperationRecord.Step, _ call: String, _ result: String, _ effects: [Observation] = []
  ) {
    records.append(OperationRecord(backend: backend, step: step, call: call, result: result, effects: effects))
  }
}

/// The observation of a call that returned no error and nothing else.
let noError = "no error"

extension [Observation] {
  /// All of them in one line.
  var asList: String { map { "\($0.name): \($0.value)" }.joined(separator: ", ") }
}
