import Foundation
@testable import Report
import Results
import Testing

@Suite struct MatrixPageTests {
  private func page(_ matrix: VersionMatrix, _ wording: Wording = MatrixFixture.wording) throws -> String {
    try #require(MatrixPage.pages(matrix, wording).first { $0.file == MatrixPage.file }).text
  }

  /// Returns the text with all white space as single spaces.
  private func flat(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  @Test func `the pages and the file of the fixture are the golden ones`() throws {
    for page in MatrixPage.pages(MatrixFixture.matrix, MatrixFixture.wording) {
      try Golden.expect(page.text, isGolden: page.file)
    }
    try Golden.expect(
      String(decoding: try MatrixFile.encode(MatrixFixture.matrix), as: UTF8.self), isGolden: "matrix.json")
  }

  @Test func `an empty matrix has pages`() throws {
    #expect(try page(VersionMatrix([])).contains("No run was merged."))
  }

  @Test func `a page without a run names what could not be made`() throws {
    #expect(
      flat(try page(VersionMatrix([], failures: MatrixFixture.failures))).contains("**6.17.8**: build lttng-modules"))
  }

  @Test func `a model is in no matrix`() throws {
    #expect(MatrixFixture.matrix.runs.allSatisfy { $0.backends["kernel-model"] == nil })
  }

  @Test func `an upstream commit is shown exactly if every version answers as its entry says`() throws {
    let text = flat(try page(MatrixFixture.matrix))
    #expect(text.contains("`fedcba987654`, “ring-buffer: Keep the `commit` word”, first in 6.17"))
    #expect(!text.contains("Must not be shown"))
    #expect(text.contains("Fixed by 0123456789ab in 7.3 (a \\| tree) (note)"))
    var wording = MatrixFixture.wording
    for (first, isShown) in [("6.18.5", true), ("6.16.4", true), ("6.16.3", false), ("6.18.6", false), ("7.0", false)] {
      wording.versionChanges[0].firstVersions = [first]
      #expect(try page(MatrixFixture.matrix, wording).contains("fedcba987654") == isShown, "\(first)")
    }
    // A backport: 6.12.117 has the fix, 6.16.3 has not.
    wording.versionChanges = [
      .brought(
        "returns", of: "fixed-in-stable", MatrixFixture.kernel, by: "bbbbbbbb", "t", first: ["7.3", "6.12.112"],
        source: "s")
    ]
    #expect(flat(try page(MatrixFixture.matrix, wording)).contains("`bbbbbbbb`, “t”, first in 7.3 and 6.12.112"))
    wording.versionChanges[0].firstVersions = ["7.3"]
    #expect(!(try page(MatrixFixture.matrix, wording).contains("bbbbbbbb")))
  }

  @Test func `a change that was undone fits only if the newer versions answer as before`() throws {
    var wording = MatrixFixture.wording
    wording.versionChanges[0].undone = "7.3"
    #expect(!(try page(MatrixFixture.matrix, wording).contains("fedcba987654")))
    var results = MatrixFixture.results
    for run in results.indices where results[run].environment.facts.value(of: "kernel") == "Linux 7.3.4+deb14" {
      for index in results[run].probes.indices where results[run].probes[index].id == "changed" {
        results[run].probes[index].answer = "0"
      }
    }
    let text = flat(try page(VersionMatrix(results), wording))
    #expect(
      text.contains("first in 6.17 (note: a tree); as before again in 7.3, no commit was found for that"))
  }

  @Test func `an authored text is in no file`() throws {
    let json = String(decoding: try MatrixFile.encode(MatrixFixture.matrix), as: UTF8.self)
    for word in ["A reader", "Fixed by", "fedcba987654"] { #expect(!json.contains(word)) }
  }

  @Test func `trouble that comes by chance is missing nowhere`() throws {
    var results = MatrixFixture.results
    for run in results.indices {
      // The line of the log is moved from the probe to a scenario in which writer and reader run at the same time.
      guard let probe = results[run].probes.firstIndex(where: { $0.kernelLog != nil }),
        !results[run].losses.isEmpty
      else { continue }
      results[run].losses[0].kernelLog = results[run].probes[probe].kernelLog
      results[run].losses[0].isConcurrent = true
      results[run].probes[probe].kernelLog = nil
    }
    let text = flat(try page(VersionMatrix(results)))
    #expect(text.contains("Kernel log: WARNING at kernel/trace/ring_buffer.c rb_x"))
    #expect(!text.contains("rb_x \\| y* (S1), from 6.16.3 (not in"))
  }

  @Test func `trouble in the kernel's log is a finding of the versions that report it`() throws {
    let text = flat(try page(MatrixFixture.matrix))
    let versions = "from 6.16.3 (not in 6.12.117) to 6.18.5 (not in 7.3.4); not decided in 6.18.44"
    let title = "*Kernel log: WARNING at kernel/trace/ring_buffer.c rb_x \\| y*"
    #expect(text.contains("**S1** `tracefs`: \(title) during always-wrong: \(versions)"))
    // The summary leaves out the versions without it.
    #expect(text.contains("\(title) (S1), from 6.16.3 to 6.18.5; not decided in 6.18.44"))
  }

  @Test func `answers that have no room in the table are there by number, with the words below`() throws {
    let long = ["refused with an error that has many words", "accepted, and then nothing works as it did before"]
    let releases = ["6.12.95", "6.16.3", "7.0.13", "7.3.4"]
    let runs = zip(releases, [0, 1, 0, 1]).map { release, answer in
      MatrixFixture.run(
        release, [MatrixFixture.tracefs(release, ["c": .expected(long[answer]), "d": .expected("\(answer)")])])
    }
    let text = flat(try page(VersionMatrix(runs), Wording()))
    #expect(text.contains("*1*, *2* and so on: by number in the list below"))
    #expect(text.contains("| Question \\| c? | 1 | 2 | 1 | 2 |"))
    #expect(text.contains("**1: \(long[0])** in 6.12.95; in 7.0.13; **2: \(long[1])** in 6.16.3; in 7.3.4"))
    #expect(text.contains("| Question \\| d? | 0 | 1 | 0 | 1 |"))
    #expect(!text.contains("1: 0"))
  }

  @Test func `findings of one question stand together, and neither is gone nor new`() throws {
    let runs = [("6.12.95", "lost"), ("7.3.4", "wrong")].map { release, answer in
      MatrixFixture.run(release, [MatrixFixture.tracefs(release, ["c": .unexpected(answer)])])
    }
    let text = flat(try page(VersionMatrix(runs), Wording()))
    #expect(text.contains("Findings of `tracefs` 7.3.4 on questions whose older answers were findings, too: *Question"))
    #expect(!text.contains("does not have any more") && !text.contains("that an older version does not have"))
    #expect(
      text.contains(
        "c?: lost*: until 6.12.95 (not in 7.3.4). Another answer to it: *Question \\| c?: wrong* (S4): since 7.3.4"))
  }

  @Test func `a study that failed is left out once it has been made`() throws {
    let failures = ["6.16.3+deb13", "7.3.4+deb13"].map {
      MatrixFailure(version: $0, step: MatrixFailure.run, reason: "no output", remedy: "")
    }
    let build = MatrixFailure(version: "7.3.4+deb13", step: "build lttng-modules", reason: "no compiler", remedy: "")
    let made = VersionMatrix([MatrixFixture.run("7.3.4+deb13", [MatrixFixture.tracefs("7.3.4+deb13")])])
    let matrix = VersionMatrix(merging: [VersionMatrix([], failures: failures + [build]), made])
    #expect(matrix.failures == [failures[0], build])
  }

  @Test func `images with modules are named with their compiler`() throws {
    let images = [", without lttng-modules", ", lttng-modules 2.16.0, built by gcc-16"].map { "Linux 7.3.4\($0)" }
    let runs = images.map { image in
      var results = MatrixFixture.run("7.3.4", [MatrixFixture.tracefs("7.3.4")])
      results.environment.facts.append(Observation("image", image))
      return results
    }
    let text = flat(try page(VersionMatrix(runs)))
    #expect(text.contains("**Images of virtual machines**: \(images[1])."))
  }

  @Test func `costs of unlike machines and units are in no table together`() throws {
    let costs = MatrixCosts.all(try #require(MatrixABI.all(MatrixFixture.matrix, MatrixFixture.wording).first))
    #expect(costs.count == 1)
    #expect(costs[0].unit == "instructions")
    #expect(costs[0].versions == ["6.12.95", "6.12.107", "6.12.117", "6.16.3", "6.18.5", "7.3.4"])
    let hosts = ["6.12.95", "6.16.3"].map {
      MatrixFixture.run($0, on: .host, [MatrixFixture.tracefs($0, cost: $0 == "6.12.95" ? 100 : 115)])
    }
    let times = MatrixCosts.all(try #require(MatrixABI.all(VersionMatrix(hosts), Wording()).first))
    #expect(times.map(\.unit) == ["ns"])
    // 15 % more: enough for instructions, within the noise of times.
    #expect(times[0].changed.isEmpty)
    #expect(times[0].rows[0].differs(by: MatrixCosts.leastOfInstructions))
  }

  @Test func `builds of one number are columns with their whole names, and neither is newer`() throws {
    let runs = [("6.12.95+deb12", "A"), ("6.12.95-fc", "B"), ("6.16.3", "B")].map { release, answer in
      MatrixFixture.run(release, [MatrixFixture.tracefs(release, ["c": .expected(answer)])])
    }
    let abi = try #require(MatrixABI.all(VersionMatrix(runs), Wording()).first)
    #expect(abi.columns.map(\.title) == ["6.12.95+deb12", "6.12.95-fc", "6.16.3"])
    let history = abi.history(abi.cells(of: "c").map { $0.decided?.answer })
    #expect(history.values == ["B"])
    #expect(try page(VersionMatrix(runs), Wording()).contains("varies, see below"))
  }

  @Test func `a module has a column for each kernel, a library one for each version`() throws {
    func run(_ kernel: String, _ version: String) -> StudyResults {
      MatrixFixture.run(
        kernel,
        ["lttng-modules", "lttng-ust"].map { name in
          MatrixFixture.Part(name: name, abis: [name], version: "\(name) \(version)", answers: ["c": .expected("yes")])
        })
    }
    let matrix = VersionMatrix([run("7.2.12", "2.16.0"), run("6.16.3", "2.13.18"), run("6.12.95", "2.13.18")])
    let titles = MatrixABI.all(matrix, MatrixFixture.wording).map { $0.columns.map(\.title) }
    #expect(titles == [["2.13.18 on 6.12.95", "2.13.18 on 6.16.3", "2.16.0 on 7.2.12"], ["2.13.18", "2.16.0"]])
  }

  @Test func `unlike answers of one version are both shown and named as varying`() throws {
    let text = flat(try page(MatrixFixture.matrix))
    #expect(text.contains("sometimes (✗) / yes"))
    #expect(text.contains("Runs of one version differ: 6.12.95: sometimes (✗) / yes."))
  }

  @Test func `a scenario that depends on the seed is compared under one seed, and a race is not`() throws {
    func losses(_ told: String, _ release: String, seed: UInt64, _ change: (inout LossResult) -> Void) -> StudyResults {
      var results = MatrixFixture.run(release, seed: seed, [MatrixFixture.tracefs(release, loss: told)])
      change(&results.losses[0])
      return results
    }
    func changed(seed: UInt64, _ change: (inout LossResult) -> Void) throws -> Int {
      let matrix = VersionMatrix([
        losses("1: 300 events", "6.12.95", seed: 1, change), losses("1: none", "6.16.3", seed: seed, change),
      ])
      let abi = try #require(MatrixABI.all(matrix, Wording()).first)
      return MatrixLosses(abi, matrix).changed.count
    }
    #expect(try changed(seed: 2) { _ in } == 4)
    #expect(try changed(seed: 1) { $0.dependsOnSeed = true } == 4)
    #expect(try changed(seed: 2) { $0.dependsOnSeed = true } == 0)
    #expect(try changed(seed: 1) { $0.isConcurrent = true } == 0)
  }

  /// Twelve kernels, 200 claims on each of three ABIs: all differ, each in its own way.
  @Test(.timeLimit(.minutes(2)), arguments: [false, true])
  func `twelve versions of 200 claims stay within the size, and no row is too long`(_ isHostile: Bool) throws {
    let releases = [
      "6.12.43", "6.12.95", "6.12.107", "6.12.117", "6.16.3", "6.17.8", "6.18.5", "6.18.15", "6.19.14", "7.1.13",
      "7.2.12", "7.3.4",
    ]
    let results = releases.enumerated().map { index, release in
      func part(_ name: String, _ version: String) -> MatrixFixture.Part {
        let answers = (0..<200).map { claim -> (String, MatrixFixture.Answer) in
          let words = (index + claim) % (isHostile ? 12 : 2)
          let long = isHostile ? "a | long_answer <of> *many* [words] \(words)" : "an answer of six words, \(words)"
          return ("claim-number-\(claim)-with-a-long-name", .unexpected(long))
        }
        return MatrixFixture.Part(
          name: name, abis: [name], version: version,
          answers: Dictionary(answers, uniquingKeysWith: { first, _ in first }), loss: "1: \(299 + index % 2) events",
          cost: UInt64(1_000 + 200 * index))
      }
      return MatrixFixture.run(
        "\(release)+deb13-cloud-amd64",
        [
          part("tracefs", "Linux \(release)+deb13-cloud-amd64"), part("lttng-ust", "LTTng-UST 2.\(index).0"),
          part("lttng-modules", "lttng-modules 2.13.\(index)"),
        ])
    }
    let matrix = VersionMatrix(results)
    for page in MatrixPage.pages(matrix, MatrixFixture.wording) {
      let limit = page.file == MatrixPage.file ? 60_000 : ReportPage.greatestSize
      #expect(page.text.utf8.count <= limit, "\(page.file)")
      for row in page.text.split(separator: "\n") where row.hasPrefix("|") {
        #expect(row.count <= FrontPage.greatestRow, "\(page.file): \(row)")
      }
    }
    #expect(try MatrixFile.decode(MatrixFile.encode(matrix)) == matrix)
  }

  @Test func `a matrix of absurd names and numbers of ABIs has pages within their sizes`() throws {
    let long = String(repeating: "long | name ", count: 100)
    let parts = (0..<300).map { index in
      MatrixFixture.Part(
        name: "\(index) \(long)", abis: [long], version: "\(long) 99999999999999999999.\(index)",
        answers: ["\(long)": .unexpected(long)], status: index % 2 == 0 ? .failed : .ran)
    }
    let matrix = VersionMatrix([
      MatrixFixture.run("\(long)", [MatrixFixture.tracefs(long)] + parts), MatrixFixture.run("", parts),
    ])
    #expect(try MatrixFile.decode(MatrixFile.encode(matrix)) == matrix)
    for page in MatrixPage.pages(matrix, MatrixFixture.wording) {
      #expect(page.text.utf8.count <= (page.file == MatrixPage.file ? 60_000 : ReportPage.greatestSize))
      #expect(page.text.utf8.count > 10_000)
    }
  }
}
