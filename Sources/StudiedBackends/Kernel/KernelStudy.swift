import Study

/// A back end of the kernel's design.
protocol KernelStudy: DesignStudy where Ring: KernelRing {
  /// The boot that probes with interrupted writers need; `nil` if they need none.
  var bootOfInterruptedWrites: ProbeBoot? { get }
}
