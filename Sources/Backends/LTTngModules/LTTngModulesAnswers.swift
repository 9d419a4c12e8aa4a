import LTTngBackend
import Results
import Study

/// Why questions that LTTng-UST alone is asked do not apply to lttng-modules.
package enum LTTngModulesAnswers {
  /// One reason for all of them.
  package static let absences: [Absence] = [
    Absence("stops-that-block-the-reader", .lttngModules, stopped),
    Absence("killed-at-each-stop", .lttngModules, stopped),
    Absence("others-at-each-stop", .lttngModules, stopped),
    Absence("drops-at-each-stop", .lttngModules, stopped),
    Absence("resumed-at-each-stop", .lttngModules, stopped),
    Absence("fixed-up-at-each-stop", .lttngModules, stopped),
    Absence("read-past-a-stopped-writer", .lttngModules, stopped),
  ]

  private static let stopped = Expectation.doesNotApply(
    to: "a process that is stopped between two changes of a write",
    "the kernel's own code reserves and commits, in one system call; ptrace and signals stop the process on its return "
      + "to user space")
}
