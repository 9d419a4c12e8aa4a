/// The calls of one round of reading, in order.
package struct OperationLog {
  package let backend: String
  package private(set) var records: [OperationRecord] = []

  package init(backend: String) {
    self.backend = backend
  }

  package mutating func add(
    _ step: OperationRecord.Step, _ call: String, _ result: String, _ effects: [Observation] = []
  ) {
    records.append(OperationRecord(backend: backend, step: step, call: call, result: result, effects: effects))
  }
}

/// The observation of a call that returned no error and nothing else.
package let noError = "no error"

extension [Observation] {
  /// All of them in one line.
  package var asList: String { map { "\($0.name): \($0.value)" }.joined(separator: ", ") }
}
