import TestSupport
import Testing

@testable import VAEKernels

/// What the kernel's files say of a process's limits.
struct MachineLimitTests {
  private func files(_ folder: TemporaryFolder, _ texts: [String: String]) throws -> SystemFiles {
    for (path, text) in texts { try folder.write(text.utf8, to: path) }
    return SystemFiles(root: folder.path)
  }

  private static let unified = [
    "/proc/self/cgroup": "0::/outer/inner\n",
    "/proc/self/mountinfo": "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n",
    "/proc/self/status": "VmSize:\t  1000 kB\nVmRSS:\t   200 kB\nCpus_allowed_list:\t0-6,9\n",
    "/proc/meminfo": "MemTotal:  8000000 kB\n",
  ]

  @Test func theLeastOnTheWayUpCounts() throws {
    let folder = try TemporaryFolder()
    let files = try files(
      folder,
      Self.unified.merging([
        "/sys/fs/cgroup/outer/inner/cpu.max": "max 100000\n", "/sys/fs/cgroup/outer/cpu.max": "150000 100000\n",
        "/sys/fs/cgroup/outer/inner/memory.max": "3000000\n", "/sys/fs/cgroup/outer/memory.max": "max\n",
      ]) { $1 })
    let processors = ProcessorLimits(files: files, environment: { _ in nil }, otherwise: 1)
    #expect(processors.allowed == 8 && processors.quota == 1.5 && processors.threadCount == 2)
    let memory = MemoryLimits(files: files, addressSpace: nil, data: nil)
    #expect(memory.limits.first?.kind == .controlGroup && memory.limits.first?.room == 3_000_000 - 200 * 1024)
    let mapped = MemoryLimits(files: files, addressSpace: 1024 * 1001, data: nil)
    #expect(mapped.limits.first?.kind == .addressSpace && mapped.limits.first?.room == 1024)
  }

  @Test func aContainersOwnGroupIsWhereItIsMounted() throws {
    let folder = try TemporaryFolder()
    let files = try files(
      folder,
      [
        "/proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n5:memory:/docker/x\n",
        "/proc/self/mountinfo":
          "32 31 0:29 /docker/x /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n35 31 0:32 /docker/x /cg/memory rw - cgroup cgroup rw,memory\n",
        "/cg/cpu/cpu.cfs_quota_us": "300000\n", "/cg/cpu/cpu.cfs_period_us": "100000\n",
        "/cg/memory/memory.limit_in_bytes": "9223372036854771712\n",
      ])
    #expect(ProcessorLimits(files: files, environment: { _ in nil }, otherwise: 16).threadCount == 3)
    #expect(MemoryLimits(files: files, addressSpace: nil, data: nil).limits.isEmpty)
  }

  @Test func theEnvironmentAsksForFewerThreadsOnly() throws {
    let folder = try TemporaryFolder()
    let files = try files(folder, Self.unified)
    func threads(_ environment: [String: String]) -> Int {
      ProcessorLimits(files: files, environment: { environment[$0] }, otherwise: 1).threadCount
    }
    #expect(threads(["OMP_NUM_THREADS": "3,2"]) == 3 && threads(["OMP_NUM_THREADS": "64"]) == 8)
    #expect(threads(["OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "2"]) == 2)
    #expect(threads(["OMP_NUM_THREADS": "many"]) == 8)
    let mistaken = ["OMP_NUM_THREADS": "many", "GOTO_NUM_THREADS": "0", "OPENBLAS_NUM_THREADS": ""]
    #expect(
      ProcessorLimits.mistakes { mistaken[$0] }.map { $0.prefix { $0 != ":" } } == [
        "GOTO_NUM_THREADS", "OMP_NUM_THREADS",
      ])
    #expect(ProcessorLimits.mistakes { ["OMP_NUM_THREADS": "3,2"][$0] }.isEmpty)
  }

  @Test func aSystemWithoutSuchFilesHasNoLimits() throws {
    let folder = try TemporaryFolder()
    let files = SystemFiles(root: folder.path)
    #expect(ProcessorLimits(files: files, environment: { _ in nil }, otherwise: 5).threadCount == 5)
    #expect(MemoryLimits(files: files, addressSpace: nil, data: nil).limits.isEmpty)
  }
}
