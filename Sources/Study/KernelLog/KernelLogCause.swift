/// The cause of trouble in the kernel's log, as far as the lines and the places of their threads show it.
public enum KernelLogCause: Sendable, Equatable {
  /// The part during which it came.
  case part
  /// Another program, or another part of the run.
  case others
  /// Nothing shows it, for this reason.
  case undecided(String)
}

extension KernelLogExcerpt {
  /// The trouble in the lines, that of other parts and programs included.
  public var troubles: [KernelTrouble] { KernelTrouble.all(in: lines) }

  /// The cause of trouble in these lines.
  public func cause(of trouble: KernelTrouble) -> KernelLogCause {
    guard let thread = trouble.thread else { return .undecided("the lines name no thread\(others)") }
    let name = trouble.command.map { "thread \(thread) (\($0))" } ?? "thread \(thread)"
    let place = threads?.first { $0.id == Int(thread) }?.place ?? .unknown
    if trouble.isInInterrupt, place != .otherProgram || inParallel != nil {
      return .undecided("it came in an interrupt of \(name)\(others)")
    }
    switch place {
    case .thisPart: return .part
    case .thisProgram where inParallel == nil: return .part
    case .anotherPart, .otherProgram: return .others
    case .thisProgram: return .undecided("\(name) of this program may work for any part\(others)")
    case .kernel: return .undecided("\(name) is the kernel's\(others)")
    case .unknown: return .undecided("nothing shows which program \(name) belongs to\(others)")
    }
  }

  private var others: String {
    switch inParallel {
    case nil: "; no other part ran, and other programs are not excluded"
    case 1: "; another part ran at the same time"
    case let count?: "; \(count) other parts ran at the same time"
    }
  }

  /// The first lines of trouble, without the registers and the modules: what a person looks at first.
  public func firstLines(of trouble: KernelTrouble, _ count: Int) -> [String] {
    let told = trouble.lines.lazy.map { lines[$0].message }.filter { !KernelLogExcerpt.isDump($0) }
    return Array(told.prefix(count))
  }

  private static func isDump(_ message: String) -> Bool {
    message.hasPrefix("------------[") || message.hasPrefix("Modules linked in:") || message.hasPrefix("Code: ")
      || message.hasPrefix("Hardware name:") || message.hasPrefix("Tainted: [")
      || message.firstMatch(of: /^(R[A-Z0-9]{2}|[CDEF]S|[CD]R\d|PKRU|E[A-Z]{2}):/) != nil
      || message.hasPrefix(" ? ")
  }
}
