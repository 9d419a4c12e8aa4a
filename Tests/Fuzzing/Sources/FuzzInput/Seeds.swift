import Glibc

/// Writes the inputs from which libFuzzer starts, and ends the program, where `FUZZ_SEEDS` names a directory for them.
///
/// The program does so itself, since any other one of this package would have libFuzzer's main, too.
public func writeSeedsIfAsked(_ seeds: [[UInt8]]) {
  guard let directory = getenv("FUZZ_SEEDS") else { return }
  for (number, seed) in seeds.enumerated() {
    let path = "\(String(cString: directory))/seed-\(number)"
    guard let file = fopen(path, "w") else { stop("\(path): \(String(cString: strerror(errno)))") }
    guard fwrite(seed, 1, seed.count, file) == seed.count, fclose(file) == 0 else { stop("\(path) is not written") }
  }
  exit(0)
}

/// Says why a program cannot go on, and ends it.
public func stop(_ why: String) -> Never {
  let line = Array("\(why)\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  exit(1)
}
