import ArgumentParser
import Platform
import Study
import SubbufferSource
import VirtualMachine

/// `abi-compare doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check which back ends can run here; give the reason and the remedy for the others.",
    discussion: "Creates a ring buffer of each back end, reads it once, and removes it. "
      + "Exit code 4 if none can run. Opens the kernel's log, and checks the virtual machine of abi-compare vm without booting it."
  )

  func run() throws {
    Interruption.install()
    try Backends.removeAbandoned()
    let backends = Backends.all(producerCPU: CPUPlacement.choose().producer)
    var able = 0
    for backend in backends {
      switch try orSignal({ () throws(SourceError) in try backend.availability() }) {
      case .available:
        able += 1
        try say("\(backend.name): can run\n  \(backend.title)")
      case .unavailable(let reason, let remedy):
        try say("\(backend.name): cannot run")
        try sayWhy(reason, enable: remedy)
      }
    }
    try sayKernelLog()
    try sayVirtualMachine()
    try sayLeftAlone()
    if able == 0 { throw ExitCode.allSkipped }
  }

  private func sayKernelLog() throws {
    do {
      _ = try KernelLogReader()
      try say("kernel's log (\(KernelLogReader.device)): can be read")
    } catch let error as SourceError {
      try say("kernel's log (\(KernelLogReader.device)): cannot be read: warnings of the kernel are not seen")
      try sayWhy(error.reason, enable: error.remedy)
    }
  }

  private func sayVirtualMachine() throws {
    do {
      let qemu = try VirtualMachine.check()
      try say("virtual machine (abi-compare vm): can be booted\n  QEMU \(qemu), \(Accelerator.here)")
    } catch let error as SourceError {
      try orSignal { () throws(SourceError) in try Interruption.check() }
      try say("virtual machine (abi-compare vm): cannot be booted")
      try sayWhy(error.reason, enable: error.remedy)
    }
    let cache = ImageCache()
    let entries = try orSignal { () throws(SourceError) in try cache.entries() }
    for entry in entries { try say("  image:  \(entry.text)") }
    if entries.isEmpty {
      let size = ImageBuilder.imageSize.inMegabytes
      try say("  image:  none in \(cache.path); abi-compare vm build creates one of about \(size)")
    }
  }

  /// Names the directories that only another namespace can judge.
  private func sayLeftAlone() throws {
    for path in OwnedDirectory.elsewhere {
      try say("left alone: \(path)")
      try sayWhy(
        "its run belongs to another boot, PID namespace or time namespace, and may be in progress",
        enable: "remove it there with abi-compare doctor, or here with rm -r if no container or machine shares "
          + OwnedDirectory.parent)
    }
  }

  private func sayWhy(_ reason: String, enable remedy: String) throws {
    try say("  why:    \(reason)")
    if !remedy.isEmpty { try say("  enable: \(remedy)") }
  }
}
