/// Counts the calls of a library.
struct LibraryMeter: SurfaceMeter {
  let library: any SurfaceLibrary
  private(set) var tally = CallTally()
  private var before: [UInt64] = []

  init(_ library: any SurfaceLibrary) {
    self.library = library
  }

  mutating func begin() {
    before = library.counts
  }

  mutating func end(_ operation: SurfaceOperation) {
    let grown = zip(library.counts, before).map { $0 &- $1 }
    tally.add(operation, Dictionary(zip(library.functions, grown), uniquingKeysWith: &+))
  }
}
