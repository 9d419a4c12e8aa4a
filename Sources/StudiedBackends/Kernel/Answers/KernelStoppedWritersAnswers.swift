import Study

extension KernelAnswers {
  static let kernelWrite =
    "the kernel's own code reserves and commits, in one system call; ptrace and signals stop the process on its return "
    + "to user space"

  static let doesNotApply = Expectation.doesNotApply(
    to: "a process that is stopped between two changes of a write", kernelWrite)
}
