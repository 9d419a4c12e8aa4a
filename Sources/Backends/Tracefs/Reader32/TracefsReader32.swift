import Study

extension Reader32.Program {
  /// Reads the `trace_pipe_raw` that is its argument.
  static let tracefs = Reader32.Program(name: "abi-compare-tracefs32", source: PackageResources.tracefs32_c)
}
