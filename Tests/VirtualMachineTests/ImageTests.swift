import Foundation
import Glibc
import Platform
import SubbufferSource
import Testing
@testable import VirtualMachine

@Suite struct ImageTests {
  @Test func `Kernels are those of the flavour, the newest first`() {
    let names = [
      "linux-image-6.12.9+deb12-cloud-amd64", "linux-image-6.12.95+deb12-cloud-amd64-unsigned",
      "linux-image-6.12.95+deb12-cloud-amd64", "linux-image-6.12.95+deb12-amd64", "linux-image-cloud-amd64",
      "linux-image-6.12.117+deb12-cloud-amd64", "linux-image-6.1.0-30-cloud-amd64",
      "linux-image-6.12.117+deb12-cloud-amd64-dbg", "linux-headers-6.12.95+deb12-cloud-amd64",
      "linux-headers-6.12.95+deb12-common", "linux-kbuild-6.12.95+deb12", "linux-headers-6.12.117+deb12-cloud-amd64",
    ]
    let kernels = ArchiveKernel.all(of: .bookwormBackports, names: names)
    #expect(
      kernels.map(\.release.text) == [
        "6.12.117+deb12-cloud-amd64", "6.12.95+deb12-cloud-amd64", "6.12.9+deb12-cloud-amd64", "6.1.0-30-cloud-amd64",
      ])
    #expect(kernels.map(\.hasHeaders) == [false, true, false, false])
    #expect(kernels[1].packages == ["linux-image-6.12.95+deb12-cloud-amd64-unsigned"])
    func chosen(_ wanted: String?) -> String? { ArchiveKernel.choose(from: kernels, wanted: wanted)?.release.text }
    #expect(chosen(nil) == "6.12.95+deb12-cloud-amd64")
    #expect(chosen("6.12") == "6.12.117+deb12-cloud-amd64")
    #expect(chosen("6.12.9") == "6.12.9+deb12-cloud-amd64")
    #expect(chosen("6.1") == "6.1.0-30-cloud-amd64")
    #expect(chosen("6.13") == nil)
    #expect(KernelRelease("6.12.95+deb12-cloud-amd64").base == "6.12.95+deb12")
    #expect(KernelRelease("6.12.95+deb12-cloud-amd64").series == "6.12")
  }

  @Test func `From 6.19 on the kernel is in linux-binary, and linux-image is a metapackage`() {
    let names = [
      "linux-image-7.3.4+deb13-cloud-amd64", "linux-binary-7.3.4+deb13-cloud-amd64",
      "linux-binary-unsigned-7.3.4+deb13-cloud-amd64", "linux-base-7.3.4+deb13-cloud-amd64",
      "linux-image-6.19.14+deb13-cloud-amd64", "linux-binary-unsigned-6.19.14+deb13-cloud-amd64",
    ]
    let kernels = ArchiveKernel.all(of: .trixieBackports, names: names)
    #expect(
      kernels.map(\.packages) == [
        ["linux-binary-7.3.4+deb13-cloud-amd64", "linux-base-7.3.4+deb13-cloud-amd64"],
        ["linux-binary-unsigned-6.19.14+deb13-cloud-amd64"],
      ])
  }

  @Test func `Suites of the host's release come first`() {
    #expect(Suite.inOrder(host: 12) == [.bookwormBackports, .trixieBackports, .trixie, .sid])
    #expect(Suite.inOrder(host: 13) == [.trixie, .trixieBackports, .bookwormBackports, .sid])
    #expect(Suite.inOrder(host: nil) == [.bookwormBackports, .trixieBackports, .trixie, .sid])
  }

  @Test func `A package without a kernel is an error, and one without a configuration is none`() throws {
    let directory = try TestDirectory()
    let kernels = ArchiveKernel.all(of: .trixieBackports, names: ["linux-binary-7.3.4+deb13-cloud-amd64"])
    let chosen = ChosenKernel(try #require(kernels.first))
    let error = #expect(throws: SourceError.self) { try chosen.image(in: directory.path) }
    #expect(error?.kind == .unknownFormat)
    #expect(error?.call == "unpack linux-binary-7.3.4+deb13-cloud-amd64")
    #expect(error?.detail.contains("usr/lib/modules/7.3.4+deb13-cloud-amd64/vmlinuz") == true)
    try HostFiles.makeDirectory(directory.file("usr/lib/modules/7.3.4+deb13-cloud-amd64"))
    try HostFiles.write(Data([1]), to: directory.file("usr/lib/modules/7.3.4+deb13-cloud-amd64/vmlinuz"))
    #expect(try chosen.image(in: directory.path).hasSuffix("/vmlinuz"))
    #expect(chosen.config(in: directory.path) == nil)
  }

  @Test func `A bzImage tells its release and its payload`() throws {
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
    (bytes[0x206], bytes[0x207]) = (0x0F, 0x02)
    bytes[0x1F1] = 2
    (bytes[0x20E], bytes[0x20F]) = (0x00, 0x01)
    let version = Array("6.12.95+deb12-cloud-amd64 (someone) #1\0".utf8)
    bytes.replaceSubrange(0x300..<0x300 + version.count, with: version)
    bytes[0x248] = 16
    bytes[0x24C] = 12
    let start = 3 * 512 + 16
    bytes.replaceSubrange(start..<start + 12, with: [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3, 4, 9, 9, 9, 9])
    let image = try KernelImage(Data(bytes), path: "x")
    #expect(image.release == "6.12.95+deb12-cloud-amd64")
    #expect(image.payload.map(Array.init) == [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3, 4])
    bytes[0x24D] = 0xFF
    #expect(try KernelImage(Data(bytes), path: "x").payload == nil)
    for count in [0, 0x100, 0x250] {
      let error = #expect(throws: SourceError.self) { try KernelImage(Data(bytes.prefix(count)), path: "x") }
      #expect(error?.kind == .unknownFormat)
    }
    bytes[0x202] = 0
    #expect(throws: SourceError.self) { try KernelImage(Data(bytes), path: "x") }
  }

  @Test func `Headers of a package lie where they were unpacked`() {
    let makefile = "# Automatically generated\ninclude /usr/src/linux-headers-6.12.95+deb12-common/Makefile\n"
    #expect(
      ModuleSources.relocated(makefile, to: "/there")
        == "# Automatically generated\ninclude /there/usr/src/linux-headers-6.12.95+deb12-common/Makefile\n")
  }

  @Test func `The probes that the tracer needs stay`() {
    let kbuild = """
      # SPDX
      TOP_LTTNG_MODULES_DIR := $(shell dirname $(lastword $(MAKEFILE_LIST)))/../..
      include $(TOP_LTTNG_MODULES_DIR)/src/Kbuild.common
      ccflags-y += -I$(TOP_LTTNG_MODULES_DIR)/include
      obj-$(CONFIG_LTTNG) += lttng-probe-sched.o
      obj-$(CONFIG_LTTNG) += lttng-probe-timer.o
      ifneq ($(CONFIG_EVENT_TRACING),)
        obj-$(CONFIG_LTTNG) += lttng-probe-x.o
      endif # CONFIG_EVENT_TRACING
      """
    #expect(
      ModuleSources.reducedProbes(kbuild, to: ["lttng-kprobes", "lttng-uprobes"]) == """
        # SPDX
        TOP_LTTNG_MODULES_DIR := $(shell dirname $(lastword $(MAKEFILE_LIST)))/../..
        include $(TOP_LTTNG_MODULES_DIR)/src/Kbuild.common
        ccflags-y += -I$(TOP_LTTNG_MODULES_DIR)/include
        obj-$(CONFIG_LTTNG) += lttng-kprobes.o lttng-uprobes.o

        """)
  }

  @Test func `Modules are loaded after those that they depend on, and what nobody needs is left out`() throws {
    let directory = try TestDirectory()
    func module(_ name: String, _ depends: String) throws -> ModuleFile {
      let path = directory.file("\(name).ko")
      try HostFiles.write(Data("\u{7F}ELF\0license=GPL\0depends=\(depends)\0name=x\0".utf8), to: path)
      return try ModuleFile(path)
    }
    let files = try [
      module("lttng-tracer", "lttng-clock,lttng-lib-ring-buffer"), module("lttng-clock", "lttng_wrapper"),
      module("lttng-lib-ring-buffer", "lttng-wrapper,vmlinux-part"), module("lttng-wrapper", ""),
      module("lttng-test", "lttng-tracer"), module("client", "lttng-tracer"),
    ]
    #expect(
      try ModuleFile.inOrder(["client", "lttng-tracer"], of: files).map(\.name)
        == ["lttng-wrapper", "lttng-clock", "lttng-lib-ring-buffer", "lttng-tracer", "client"])
    let error = #expect(throws: SourceError.self) { try ModuleFile.inOrder(["other"], of: files) }
    #expect(error?.detail == "make did not create other.ko")
    try HostFiles.write(Data("no module".utf8), to: directory.file("x.ko"))
    #expect(try ModuleFile(directory.file("x.ko")).depends == [])
  }

  @Test func `The compiler is the one that built the kernel`() {
    let config = "CONFIG_X=y\nCONFIG_CC_VERSION_TEXT=\"x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0\"\n"
    #expect(ModuleBuild.compiler(in: config).command == "gcc-12")
    #expect(ModuleBuild.compiler(in: "CONFIG_CC_VERSION_TEXT=\"gcc (GCC) 14.2.1\"").command == "gcc")
    #expect(ModuleBuild.compiler(in: "").command == "gcc")
  }

  private static let manifest = ImageManifest(
    kernel: "6.12.1+deb12-cloud-amd64", lttngModules: "2.13.18", compiler: "gcc", packages: [], modules: [], size: 0)

  private func fill(_ directory: String) throws(SourceError) {
    for name in ["kernel", "busybox"] { try HostFiles.write(Data([1]), to: "\(directory)/\(name)") }
  }

  @Test func `An image is there when it is whole, and not before`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    #expect(try cache.entries().isEmpty)
    let failure = SourceError(call: "build", detail: "no")
    #expect(throws: failure) {
      try cache.add { (place) throws(SourceError) in
        try fill(place)
        #expect(HostFiles.names(in: cache.path).allSatisfy { RunOwner(inName: $0) != nil || $0 == ".lock" })
        throw failure
      }
    }
    #expect(HostFiles.names(in: cache.path) == [".lock"])
    for _ in 1...2 {
      let image = try cache.add { (place) throws(SourceError) in
        try fill(place)
        return ImageTests.manifest
      }
      #expect(image.manifest.size == 2)
      #expect(HostFiles.names(in: cache.path) == [".lock", "6.12.1+deb12-cloud-amd64+lttng-2.13.18"])
    }
    #expect(try cache.image(nil)?.manifest.kernel == "6.12.1+deb12-cloud-amd64")
    #expect(try cache.image("6.12.1") != nil)
    #expect(try cache.image("6.12.2") == nil)
    try HostFiles.makeDirectory("\(cache.lists)/partial")
    try cache.clean()
    #expect(HostFiles.names(in: cache.path) == [".lock"])
  }

  @Test func `Of a kernel the image with modules is taken, and without a kernel only such a one`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    let plain = ImageManifest(
      kernel: "7.3.4+deb13-cloud-amd64", suite: .trixieBackports, packages: [], modules: [], size: 0)
    func add(_ manifest: ImageManifest) throws {
      _ = try cache.add { (place) throws(SourceError) in
        try fill(place)
        for module in manifest.modules {
          try HostFiles.makeDirectory("\(place)/modules")
          try HostFiles.write(Data([1]), to: "\(place)/modules/\(module).ko")
        }
        return manifest
      }
    }
    try add(plain)
    #expect(try cache.image(nil) == nil)
    #expect(try cache.image("7.3")?.manifest.lttngModules == nil)
    #expect(try cache.image("7.3", suite: .sid) == nil)
    var full = plain
    (full.lttngModules, full.compiler, full.modules) = ("2.16.0", "gcc", ["lttng-tracer"])
    try add(full)
    #expect(try cache.image("7.3", suite: .trixieBackports)?.manifest.lttngModules == "2.16.0")
    #expect(try cache.image(nil)?.manifest.lttngModules == "2.16.0")
    #expect(try cache.entries().count == 2)
  }

  @Test func `An image whose producer was built from other sources is told and not taken`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    var manifest = ImageTests.manifest
    (manifest.lttngUST, manifest.modules) = ("2.16.0", ["lttng-tracer"])
    let image = try cache.add { (place) throws(SourceError) in
      try fill(place)
      let userland = Userland(directory: "\(place)/userland")
      try Userland.writeSources(to: userland.source)
      try HostFiles.makeDirectory("\(place)/modules")
      for path in [userland.loader, userland.producer, "\(place)/modules/lttng-tracer.ko"] {
        try HostFiles.write(Data([1]), to: path)
      }
      return manifest
    }
    #expect(try cache.image(nil) != nil)
    try HostFiles.write(Data([1]), to: "\(image.directory)/userland/source/main.c")
    var outdated: [String] = []
    #expect(try cache.image(nil, outdated: { outdated.append($0.directory) }) == nil)
    #expect(outdated == [image.directory])
    // An image without modules will do then, where it is there.
    manifest = ImageTests.manifest
    (manifest.lttngModules, manifest.compiler, manifest.modules) = (nil, nil, [])
    _ = try cache.add { (place) throws(SourceError) in
      try fill(place)
      return manifest
    }
    #expect(try cache.image("6.12") == nil)
    #expect(try cache.image("6.12", withModules: false)?.manifest.lttngModules == nil)
  }

  @Test func `An image that is not whole is told, is not taken, and goes`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    let image = try cache.add { (place) throws(SourceError) in
      try fill(place)
      return ImageTests.manifest
    }
    try FileManager.default.removeItem(atPath: image.kernel)
    let entries = try cache.entries()
    #expect(entries.map(\.directory) == [image.directory])
    #expect(try cache.image(nil) == nil)
    guard case .failure(let error) = entries.first?.content else {
      Issue.record("it is taken for whole")
      return
    }
    #expect(error.detail == "the image is incomplete" && error.call.contains(image.kernel))
    try cache.clean()
    #expect(HostFiles.names(in: cache.path) == [".lock"])
  }

  @Test func `What another build made in the meantime is taken`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    let first = try cache.add { (place) throws(SourceError) in
      try fill(place)
      return ImageTests.manifest
    }
    let second = try cache.add(unless: { () throws(SourceError) in try cache.image(nil) }) {
      (_) throws(SourceError) in
      throw SourceError(call: "build", detail: "a second time")
    }
    #expect(second.directory == first.directory)
  }

  @Test func `A build waits for the other, and says so`() throws {
    let directory = try TestDirectory()
    let descriptor = open(directory.file(".lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(descriptor, LOCK_EX) == 0)
    var waited = false
    // The callback releases the lock; otherwise the wait would never end.
    _ = try ImageCacheLock(directory.path) {
      waited = true
      close(descriptor)
    }
    #expect(waited)
  }

  @Test func `A relative cache is the same from everywhere`() throws {
    let here = FileManager.default.currentDirectoryPath
    #expect(ImageCache(path: "a/../b").path == "\(here)/b")
    #expect(ImageCache.caches(["HOME": "/h", "XDG_CACHE_HOME": "/c"]) == "/c")
    #expect(ImageCache.caches(["HOME": "/h", "XDG_CACHE_HOME": "c"]) == "/h/.cache")
    let home = String(cString: try #require(getpwuid(geteuid())).pointee.pw_dir)
    #expect(ImageCache.caches([:]) == "\(home)/.cache")
  }

  @Test(arguments: ["/a b/c", "/a:b", "/a#b", "/a$b", "/it's"])
  func `make does not build there`(path: String) {
    let error = #expect(throws: SourceError.self) { try ModuleBuild.check(directory: path) }
    #expect(error?.kind == .usage)
  }

  @Test func `A kernel that is no kernel is told before anything is fetched`() throws {
    let directory = try TestDirectory()
    let path = directory.file("vmlinuz")
    try HostFiles.write(Data(count: 1024), to: path)
    var steps: [String] = []
    let builder = ImageBuilder(
      kernel: path, archive: KernelArchive(mirror: "http://localhost:1") { steps.append($0) })
    let error = #expect(throws: SourceError.self) {
      try builder.image(in: ImageCache(path: directory.file("cache")))
    }
    #expect(error?.kind == .unknownFormat)
    #expect(steps == [])
  }

  @Test func `An archive that is not reachable is an error with its suite, and leaves nothing but empty lists`() throws
  {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.file("cache"))
    // Nothing listens there.
    let archive = KernelArchive(mirror: "http://localhost:1", suite: .sid) { _ in }
    let error = #expect(throws: SourceError.self) {
      try ImageBuilder(kernel: "7.3", archive: archive).image(in: cache)
    }
    #expect(error?.reason.contains("sid") == true)
    #expect(error?.reason.contains("localhost") == true)
    #expect(error?.remedy.contains("--mirror") == true)
    #expect(HostFiles.names(in: cache.path) == [".lock", "lists"])
    #expect(HostFiles.names(in: "\(cache.lists)/lists").filter { $0.contains("localhost") } == [])
  }

  @Test func `What a killed build left is no image, and goes`() throws {
    let directory = try TestDirectory()
    let cache = ImageCache(path: directory.path)
    // No process has the start time 1, so this owner is dead.
    let left = directory.file(RunOwner(pid: 1, startTime: 1).name("image"))
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    try fill(left)
    #expect(try cache.entries().isEmpty)
    #expect(cache.removeAbandoned() == [left])
    #expect(!FileManager.default.fileExists(atPath: left))
  }
}
