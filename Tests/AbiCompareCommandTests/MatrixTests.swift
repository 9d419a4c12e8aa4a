import Foundation
import Report
import Study
import Testing

extension ToolTests {
  /// `matrix merge`, and `--matrix`.
  @Suite struct MatrixTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples")
    private static let studies = ["sample-study", "virtual-machine-study"].map {
      examples.appending(path: "\($0)/results.json").path
    }

    private func files(_ directory: URL) throws -> [Data] {
      try ["matrix.json", "matrix.md", "matrix-unchanged.md"].map {
        try Data(contentsOf: directory.appending(path: $0))
      }
    }

    @Test func `the two studies make one matrix, in any order, and merged again the same`() throws {
      try Tool.withDirectory { directory in
        let (one, other) = (directory.appending(path: "one"), directory.appending(path: "other"))
        let merged = try Tool.run(["matrix", "merge"] + Self.studies + ["--out", one.path])
        #expect(merged.status == 0 && merged.output == "\(one.path)/matrix.md\n" && merged.errors.isEmpty)
        #expect(try Tool.run(["matrix", "merge"] + Self.studies.reversed() + ["--out", other.path]).status == 0)
        let wanted = try files(one)
        #expect(try files(other) == wanted)
        let matrix = one.appending(path: "matrix.json").path
        #expect(try Tool.run(["matrix", "merge", matrix, Self.studies[0], matrix, "--out", one.path]).status == 0)
        #expect(try files(one) == wanted)
        #expect(Tool.names(one.path) == ["matrix-unchanged.md", "matrix.json", "matrix.md"])
        let page = String(decoding: wanted[1], as: UTF8.self)
        #expect(page.utf8.count <= 60_000)
        // One boot names each of its five live ABIs.
        for row in page.split(separator: "\n") where row.hasPrefix("|") { #expect(row.count <= 180, "\(row)") }
      }
    }

    @Test func `a report with a matrix names other versions, and one without does not`() throws {
      try Tool.withDirectory { directory in
        let matrix = directory.appending(path: "matrix")
        #expect(try Tool.run(["matrix", "merge"] + Self.studies + ["--out", matrix.path]).status == 0)
        let file = matrix.appending(path: "matrix.json").path
        let out = directory.appending(path: "report")
        func findings(_ options: [String]) throws -> String {
          #expect(try Tool.run(["report", Self.studies[0], "--out", out.path] + options).status == 0)
          return try String(contentsOf: out.appending(path: "findings.md"), encoding: .utf8)
        }
        #expect(try findings(["--matrix", file]).contains("*Other versions*: seen in 6.12.95."))
        #expect(try findings(["--matrix", file]).contains("*Other versions*: not in 6.12.95."))
        #expect(try !findings([]).contains("Other versions"))
        let front = try Tool.run(["report", Self.studies[0], "--matrix", file, "--export-markdown", "-"])
        #expect(front.output.contains("Other versions"))
      }
    }

    /// Two images whose machines cannot be booted, so that the versions fail one by one.
    @Test func `versions that fail are reported, and the results that are there are compared`() throws {
      try Tool.withDirectory { directory in
        let (cache, out) = (directory.appending(path: "cache"), directory.appending(path: "out"))
        let kernels = ["6.16.3+deb13-cloud-amd64", "7.3.4+deb13-cloud-amd64"]
        for kernel in kernels { try makeImage(of: kernel, in: cache) }
        func run() throws -> Tool.Outcome {
          try Tool.run(
            ["matrix", "run", "--cache", cache.path, "--qemu", "/no/such/qemu", "--accel", "tcg", "--out", out.path]
              + kernels.flatMap { ["--kernel", $0] })
        }
        let without = try run()
        #expect(without.status == 4)
        for kernel in kernels {
          let message = "abi-compare: \(kernel): boot a virtual machine: /no/such/qemu is missing"
          #expect(without.errors.components(separatedBy: message).count == 2, "\(without.errors)")
        }
        #expect(without.errors.contains("2 of 2"))
        #expect(Tool.names(out.path) == ["matrix-unchanged.md", "matrix.json", "matrix.md"])

        let made = out.appending(path: "elsewhere")
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Self.studies[1], toPath: made.appending(path: "results.json").path)
        let with = try run()
        #expect(with.status == 1 && with.output == "\(out.path)/matrix.md\n")
        let page = try String(contentsOf: out.appending(path: "matrix.md"), encoding: .utf8)
        for kernel in kernels { #expect(page.contains(kernel)) }
      }
    }

    private func makeImage(of kernel: String, in cache: URL) throws {
      let place = cache.appending(path: kernel)
      try FileManager.default.createDirectory(at: place.appending(path: "modules"), withIntermediateDirectories: true)
      for file in ["busybox", "config", "kernel"] {
        try Data("for a test\n".utf8).write(to: place.appending(path: file))
      }
      let manifest = """
        {"kernel": "\(kernel)", "modules": [], "packages": [], "size": 1, "suite": "trixie-backports"}
        """
      try Data(manifest.utf8).write(to: place.appending(path: "manifest.json"))
    }

    @Test func `bad input has its exit code, names its file, and writes nothing`() throws {
      try Tool.withDirectory { directory in
        let out = directory.appending(path: "out")
        let bad = directory.appending(path: "bad.json")
        for text in ["", "{", "[]", "{\"schemaVersion\": 1}", "{\"format\": \"abi-compare version matrix\"}"] {
          try Data(text.utf8).write(to: bad)
          let outcome = try Tool.run("matrix", "merge", Self.studies[0], bad.path, "--out", out.path)
          #expect(outcome.status == 65)
          #expect(outcome.errors.contains(bad.path))
          let option = try Tool.run("report", Self.studies[0], "--matrix", bad.path, "--out", out.path)
          #expect(option.status == 65)
        }
        let missing = try Tool.run("matrix", "merge", "/nowhere/results.json", "--out", out.path)
        #expect(missing.status == 66 && missing.errors.contains("/nowhere/results.json"))
        #expect(try Tool.run("matrix", "merge", "/dev/zero", "--out", out.path).status == 65)
        // Before anything is measured.
        let run = try Tool.run("run", "--matrix", "/nowhere/matrix.json", "--out", out.path)
        #expect(run.status == 66 && !run.errors.contains("skipped"))
        #expect(try Tool.run("vm", "run", "--matrix", "/nowhere/matrix.json", "--out", out.path).status == 66)
        #expect(Tool.names(directory.path) == ["bad.json"])
        #expect(try Tool.run("matrix", "merge", Self.studies[0], "--out", "/proc/nowhere").status == 73)
        for wrong in [
          ["matrix", "merge", "--out", "x"], ["matrix", "merge", bad.path], ["matrix", "nosuch"],
          ["matrix", "merge", bad.path, "--out", ""], ["report", bad.path, "--matrix", ""],
        ] { #expect(try Tool.run(wrong).status == 64, "\(wrong)") }
      }
    }
  }
}
