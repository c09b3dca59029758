import CStandardLibrary

/// How much memory this process may use, and how much of that it may still take.
package struct MemoryLimits: Sendable {
  /// One of the limits in force.
  package struct Limit: Sendable {
    /// What sets it.
    package let kind: Kind
    /// The bytes that it allows.
    package let bytes: UInt64
    /// The bytes that the process has already taken of them.
    package let taken: UInt64

    /// The bytes that are left.
    package var room: UInt64 { bytes > taken ? bytes - taken : 0 }
  }

  /// What sets a limit.
  package enum Kind: Sendable {
    /// The machine has no more.
    case machine
    /// A control group, such as a container's.
    case controlGroup
    /// `ulimit -v`, of all that is mapped, in use or not.
    case addressSpace
    /// `ulimit -d`, of all that is mapped for writing.
    case data

    /// Whether what is mapped counts, the stacks of threads among it, and not only what is in use.
    package var countsWhatIsMapped: Bool { self == .addressSpace || self == .data }

    /// In a sentence: "the 2.0 GB that are left of …".
    package var words: String {
      switch self {
      case .machine: "this machine's memory"
      case .controlGroup: "this container's or control group's memory"
      case .addressSpace: "address space (ulimit -v)"
      case .data: "data segment (ulimit -d)"
      }
    }
  }

  /// All that are known, the one that leaves the least first.
  package let limits: [Limit]

  /// Of this process, at this moment.
  package static var current: MemoryLimits {
    MemoryLimits(files: SystemFiles(), addressSpace: resourceLimit(RLIMIT_AS), data: resourceLimit(RLIMIT_DATA))
  }

  init(files: SystemFiles, addressSpace: UInt64?, data: UInt64?) {
    let status = "/proc/self/status"
    func taken(_ field: String) -> UInt64 { files.bytes(field, in: status) ?? 0 }
    var limits: [Limit] = []
    if let bytes = files.bytes("MemTotal", in: "/proc/meminfo") {
      limits.append(Limit(kind: .machine, bytes: bytes, taken: 0))
    }
    let group = ControlGroup("memory", files).lines(unified: "memory.max", own: "memory.limit_in_bytes")
    // "max", or in version 1 a number close to 2⁶³, for no limit.
    if let bytes = (group.unified + group.own).compactMap({ $0.words.first.flatMap { UInt64($0) } })
      .filter({ $0 < 1 << 60 }).min()
    {
      limits.append(Limit(kind: .controlGroup, bytes: bytes, taken: taken("VmRSS")))
    }
    if let addressSpace { limits.append(Limit(kind: .addressSpace, bytes: addressSpace, taken: taken("VmSize"))) }
    if let data { limits.append(Limit(kind: .data, bytes: data, taken: taken("VmData"))) }
    self.limits = limits.sorted { $0.room < $1.room }
  }

  /// The one of what may be mapped that is less than `byteCount`, if there is one.
  package func mapping(below byteCount: UInt64) -> Limit? {
    limits.first { $0.kind.countsWhatIsMapped && $0.bytes < byteCount }
  }

  /// Whether there is a limit of what may be mapped.
  package var boundWhatIsMapped: Bool { mapping(below: .max) != nil }

  #if canImport(Glibc)
    private typealias Resource = __rlimit_resource
  #else
    private typealias Resource = Int32
  #endif

  private static func resourceLimit(_ resource: Resource) -> UInt64? {
    var limit = rlimit()
    #if canImport(Glibc)
      let status = getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    #else
      let status = getrlimit(resource, &limit)
    #endif
    guard status == 0 else { return nil }
    // "Unlimited" is the largest number there is, or on some systems the largest signed one.
    let bytes = UInt64(limit.rlim_cur)
    return bytes < 1 << 60 ? bytes : nil
  }
}
