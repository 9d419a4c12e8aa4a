/// A back end of the kernel's design.
protocol KernelStudy: DesignStudy where Ring: KernelRing {}
