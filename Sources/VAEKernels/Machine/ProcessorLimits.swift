import CStandardLibrary

/// How many processors this process may use: those that it may run on (`sched_setaffinity`, cpusets), and the share of
/// their time that its control groups are given, which is how a container on a machine of 64 processors has two.
///
/// More threads than that wait for each other at every barrier, and each wait takes a time slice.
package struct ProcessorLimits: Sendable {
  /// Those of the machine that the process may run on.
  package let allowed: Int
  /// The processors' worth of time that the control groups leave, which may be a fraction; nil for all.
  package let quota: Double?
  /// What the environment asks for, by which variable.
  package let environment: (variable: String, count: Int)?

  /// Of this process.
  package static let current = ProcessorLimits(
    files: SystemFiles(), environment: { getenv($0).map { String(cString: $0) } }, otherwise: BLAS.processorCount)

  /// Where the system does not say, `otherwise` processors are allowed.
  init(files: SystemFiles, environment: (String) -> String?, otherwise: Int) {
    let list = files.field("Cpus_allowed_list", in: "/proc/self/status")
    allowed = max(1, list.flatMap(Self.count) ?? otherwise)
    quota = Self.quota(files)
    var asked: (variable: String, count: Int)?
    for variable in Self.variables where asked == nil {
      asked = environment(variable).flatMap(Self.threadCount).map { (variable, $0) }
    }
    self.environment = asked
  }

  /// In the order in which OpenBLAS, whose variables they are, looks at them.
  private static let variables = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]

  /// "4,2" is of nested teams, the first number of the outer one; nil for what is no number of threads.
  private static func threadCount(_ text: String) -> Int? {
    let first = text.split(separator: ",").first?.split(separator: " ").first
    return first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// A line for each of the variables that is set to what is no number of threads.
  static func mistakes(environment: (String) -> String?) -> [String] {
    variables.compactMap { variable in
      guard let value = environment(variable), !value.isEmpty, threadCount(value) == nil else { return nil }
      return "\(variable): expected a number of threads, found \(String(reflecting: value)), which is ignored"
    }
  }

  /// The processors whose time there is; a fraction of one counts, as time that is not used is lost.
  package var usable: Int { min(allowed, quota.map { max(1, Int($0.rounded(.up))) } ?? allowed) }

  /// The threads to work with where nothing else is said: one a processor, or fewer where the environment says so.
  package var threadCount: Int { min(environment.map { min($0.count, usable) } ?? usable, ThreadTeam.maximumCount) }

  /// What is to be said of so many threads; nil where there is nothing.
  package func warning(ofThreads count: Int) -> String? {
    guard count > usable else { return nil }
    return
      "\(count.counted("thread")) on \(usable.counted("processor")) wait for each other; --threads \(usable) is faster"
  }

  /// The numbers in a list such as "0-3,8".
  private static func count(_ list: Substring) -> Int? {
    var count = 0
    for range in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let ends = range.split(separator: "-").map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, last >= first else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  private static func quota(_ files: SystemFiles) -> Double? {
    let group = ControlGroup("cpu", files)
    // "150000 100000", of microseconds in a period, or "max 100000".
    let unified = group.lines(unified: "cpu.max", own: "cpu.cfs_quota_us")
    let periods = group.lines(unified: "cpu.max", own: "cpu.cfs_period_us").own
    let shares =
      unified.unified.map { $0.words.map { Double($0) } }
      // -1 for no limit.
      + zip(unified.own, periods).map {
        [$0.words.first.flatMap { Double($0) }, $1.words.first.flatMap { Double($0) }]
      }
    return shares.compactMap { numbers -> Double? in
      guard numbers.count >= 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0 else { return nil }
      return time / period
    }.min()
  }
}
