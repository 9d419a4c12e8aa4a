import Glibc

/// Writes libFuzzer's initial inputs to the directory that `FUZZ_SEEDS` names, and ends the program; does nothing if
/// `FUZZ_SEEDS` is not set.
///
/// Each program writes its own seeds, because every program of this package has libFuzzer's main.
public func writeSeedsIfAsked(_ seeds: [[UInt8]]) {
  guard let directory = getenv("FUZZ_SEEDS") else { return }
  for (number, seed) in seeds.enumerated() {
    let path = "\(String(cString: directory))/seed-\(number)"
    guard let file = fopen(path, "w") else { stop("\(path): \(String(cString: strerror(errno)))") }
    guard fwrite(seed, 1, seed.count, file) == seed.count, fclose(file) == 0 else { stop("\(path) is not written") }
  }
  exit(0)
}

/// Prints an error message and ends the program.
public func stop(_ why: String) -> Never {
  let line = Array("\(why)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}
