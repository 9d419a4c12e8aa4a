@testable import LTTngModulesBackend
import LTTngUSTABI
@testable import LTTngUSTBackend
import Study
import Testing

/// The ABIs that a back end is of, by the version of what is installed.
@Suite struct VersionABITests {
  @Test(arguments: [
    ("", ["lttng-modules", "lttng"]), ("2.13.18", ["lttng-modules", "lttng"]), ("2.9.0", ["lttng-modules", "lttng"]),
    ("2.14.0", ["lttng-modules 2.14", "lttng-modules", "lttng"]),
    ("2.16.0", ["lttng-modules 2.14", "lttng-modules", "lttng"]),
    ("3.0.0", ["lttng-modules 2.14", "lttng-modules", "lttng"]),
  ])
  func `the ABIs of lttng-modules begin with that of the version`(version: String, names: [String]) {
    #expect(LTTngModulesStudy.abis(ofVersion: version).map(\.name) == names)
  }

  @Test(arguments: [
    (LTTngUSTLibrary.Series.from2_13, ["lttng-ust", "lttng"]),
    (.from2_14, ["lttng-ust 2.14", "lttng-ust", "lttng"]),
    (.from2_15, ["lttng-ust 2.15", "lttng-ust 2.14", "lttng-ust", "lttng"]),
  ])
  func `the ABIs of LTTng-UST begin with that of the series`(series: LTTngUSTLibrary.Series, names: [String]) {
    #expect(LTTngUSTStudy.abis(of: series).map(\.name) == names)
  }
}
