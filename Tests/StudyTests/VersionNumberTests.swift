import Results
import Study
import Testing

@Suite struct VersionNumberTests {
  @Test(
    arguments: [
      ("Linux 6.18.44-fc-v669", "Linux", "6.18.44", "6.18.y"), ("Linux 7.3.0-rc2-next", "Linux", "7.3.0-rc2", "7.3.y"),
      ("LTTng-UST 2.13.5", "LTTng-UST", "2.13.5", "2.13.y"), ("2.13.5", "", "2.13.5", "2.13.y"),
      ("a build of mine", "", "a build of mine", nil), ("", "", "", nil), ("Linux 6", "Linux", "6", nil),
    ] as [(String, String, String, String?)])
  func `a version has the numbers at its start`(_ text: String, _ software: String, _ number: String, _ series: String?)
  {
    let version = VersionNumber(text)
    #expect((version.software, version.number, version.series) == (software, number, series))
  }

  @Test func `versions are ordered by number and not by text`() {
    let ascending = [
      "built by me", "Linux 6.9.12", "Linux 6.12.0-rc7", "Linux 6.12", "Linux 6.12.9", "Linux 6.12.95-a",
      "Linux 6.12.95-b", "Linux 6.12.107", "Linux 6.16.3", "Linux 99999999999999999999.1",
    ].map(VersionNumber.init)
    for (first, one) in ascending.enumerated() {
      for (second, other) in ascending.enumerated() { #expect((one < other) == (first < second)) }
    }
  }

  @Test func `two builds of one number are neither older than the other`() {
    let (one, other) = (VersionNumber("Linux 6.12.95+deb12"), VersionNumber("Linux 6.12.95-fc"))
    #expect(one != other && one.hasNumber(of: other))
    #expect(!one.isOlder(than: other) && !other.isOlder(than: one))
    #expect(VersionNumber("Linux 6.12").hasNumber(of: VersionNumber("Linux 6.12.0")))
    #expect(!VersionNumber("Linux 6.12.0-rc1").hasNumber(of: VersionNumber("Linux 6.12.0")))
  }
}
