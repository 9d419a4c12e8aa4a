import Foundation
import Glibc
import Platform
import Study
import SubbufferSource

/// One boot of a guest, from its start to its end.
struct GuestRun {
  let qemu: QEMU
  let accelerator: Accelerator
  let kernel: String
  /// Parameters of the kernel besides the accelerator's.
  let parameters: [String]
  let files: GuestFiles
  let limits: GuestLimits
  /// Called with each message for the user.
  let complain: (String) -> Void
  /// Called with each line of the task's program.
  let program: (String) -> Void

  /// The end of a boot.
  enum Ending {
    /// The program in it came to its end, with this exit status, and its results were brought out.
    case done(Int32)
    /// The kernel did not come to its first program.
    case notBooted(SourceError)
    /// It did, and ended or fell silent before its program did; with the first error that it printed.
    case endedEarly(SourceError, firstError: String?)
  }

  /// Boots the guest and waits for its end.
  /// - Throws: ``SourceError`` where the guest reports trouble or QEMU cannot be started, with the last lines of its
  ///   console; of kind `interrupted` where the user ends the run. The guest is gone then.
  func callAsFunction() throws(SourceError) -> Ending {
    let command = qemu.command(accelerator, kernel: kernel, parameters: parameters, files: files)
    let process = try PipedProcess(
      executable: command.executable, arguments: command.arguments, longestLine: 1 << 16, ownGroup: true)
    defer { process.end() }
    var isBooted = false
    var status: Int32?
    var lastLine = ""
    var deadline = ProcessDeadline(process.pid, seconds: limits.boot)
    while true {
      try Interruption.check()
      switch try process.nextLine(200) {
      case .line(let line):
        deadline = ProcessDeadline(process.pid, seconds: limits.silence)
        isBooted = true
        lastLine = line
        switch GuestSays(line) {
        case .booted: break
        case .status(let told): status = told
        case .done: return try end(process, status)
        case .trouble(let what): throw failure("in the guest", what, remedy: "build the image again")
        case .program(let text): program(text)
        }
      case .ended:
        let error = endedEarly(process)
        return isBooted ? .endedEarly(error, firstError: firstError) : .notBooted(error)
      case .timedOut where deadline.isOver():
        if isBooted {
          return .endedEarly(
            failure(
              "the guest", "no output for \(limits.silence) s after “\(lastLine)”",
              remedy: "raise the limit with --silence"),
            firstError: firstError)
        }
        return .notBooted(
          failure(
            "boot", "it did not finish within \(limits.boot) s", remedy: "end other programs first, or \(bootRemedy)"))
      case .timedOut: break
      }
    }
  }

  private func end(_ process: PipedProcess, _ status: Int32?) throws(SourceError) -> Ending {
    // It powers off; what it has written is whole only then.
    var deadline = ProcessDeadline(process.pid, seconds: limits.boot)
    var isOff = false
    while !isOff, !deadline.isOver() {
      isOff = try process.nextLine(200) == .ended
    }
    if !isOff { complain("the guest did not power off within \(limits.boot) s and is killed") }
    guard let status else { throw failure("the guest", "it did not report the exit status of its program") }
    return .done(status)
  }

  private var bootRemedy: String {
    accelerator == .kvm ? "use --accel tcg, or another version with --kernel" : "use another version with --kernel"
  }

  private func endedEarly(_ process: PipedProcess) -> SourceError {
    let ending = process.howItEnded()
    let said = process.diagnosticsText
    let detail = "QEMU ended too early: \(ending.text)\(said.isEmpty ? "" : "; its standard error: \(said)")"
    switch ending {
    case .signal(SIGKILL):
      return failure(
        "the guest", detail,
        remedy: "if the kernel killed it for lack of memory: \(QEMU.memory.inMegabytes) are needed")
    // A kernel or file system that QEMU cannot load is unusable.
    case .status(let status) where status != 0:
      return failure("the guest", detail, remedy: "rebuild the image: abi-compare vm build")
    default: return failure("the guest", detail, remedy: bootRemedy)
    }
  }

  private var firstError: String? { ConsoleText(LastLines.lines(of: files.console)).firstError }

  private func failure(_ step: String, _ detail: String, remedy: String = "") -> SourceError {
    SourceError(
      call: "virtual machine (\(accelerator.rawValue)): \(step)",
      detail: "\(detail); \(ConsoleText(LastLines.lines(of: files.console)).text)", remedy: remedy)
  }
}

/// The limits on the time without output of a guest, in seconds, without the time for which QEMU had no CPU.
package struct GuestLimits: Sendable, Equatable {
  /// Until its first line.
  package var boot = 90
  /// Between two lines.
  package var silence = 300

  /// The limits that fit a slow host.
  package init() {}
}

/// The kind of a line of the port `progress`.
enum GuestSays: Equatable {
  case booted, done
  case status(Int32)
  case trouble(String)
  case program(String)

  init(_ line: String) {
    let text = line.filter { $0 != "\r" }
    func rest(_ kind: GuestLine) -> String? {
      text.hasPrefix(kind.rawValue) ? String(text.dropFirst(kind.rawValue.count).drop { $0 == " " }) : nil
    }
    if text == GuestLine.booted.rawValue {
      self = .booted
    } else if text == GuestLine.done.rawValue {
      self = .done
    } else if let number = rest(.status).flatMap({ Int32($0) }) {
      self = .status(number)
    } else if let what = rest(.trouble) {
      self = .trouble(what)
    } else {
      self = .program(text)
    }
  }
}

/// The results of a guest.
package struct GuestResults: Sendable, Equatable {
  /// The exit status of its program.
  package var status: Int32
  /// The names of the files that it made, which are in the directory of the results now.
  package var files: [String]

  /// Unpacks what a guest left, and puts it into a directory: each file beside its place first, and then all in their
  /// places, so that one that does not fit destroys nothing.
  /// - Returns: the names of the files.
  /// - Throws: ``SourceError``, with where the archive is kept then.
  static func bringOut(_ files: GuestFiles, to place: String) throws(SourceError) -> [String] {
    do throws(SourceError) {
      try HostFiles.makeDirectory(files.unpacked)
      try HostProgram(
        step: "unpack what the guest made", name: "tar", arguments: ["-xf", files.results, "-C", files.unpacked],
        remedy: "free some space in TMPDIR", package: "tar"
      ).run(log: files.log, within: 60)
      return try put(HostFiles.names(in: files.unpacked), from: files.unpacked, to: place)
    } catch {
      guard error.kind != .interrupted, let kept = files.keepResults() else { throw error }
      var told = error
      told.remedy = "what the guest made is kept: tar -xf \(kept)\(error.remedy.isEmpty ? "" : "; \(error.remedy)")"
      throw told
    }
  }

  private static func put(_ names: [String], from directory: String, to place: String) throws(SourceError) -> [String] {
    try HostFiles.makeDirectory(place)
    let beside = { (name: String) in "\(place)/.\(name).\(getpid())" }
    do throws(SourceError) {
      for name in names {
        try HostFiles.told("write \(place)/\(name)") {
          try FileManager.default.copyItem(atPath: "\(directory)/\(name)", toPath: beside(name))
        }
      }
      for name in names {
        guard rename(beside(name), "\(place)/\(name)") == 0 else {
          throw SourceError(call: "write \(place)/\(name)", errno: .init(rawValue: errno))
        }
      }
    } catch {
      for name in names { unlink(beside(name)) }
      throw error
    }
    return names
  }
}
