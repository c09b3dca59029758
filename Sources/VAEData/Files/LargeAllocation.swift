import VAEKernels

/// Memory for what a file holds: where this process cannot have it, a line says so before the system ends the process.
enum LargeAllocation {
  /// What is smaller is not worth the question.
  private static let largestUnasked = 1 << 26

  /// Throws `FileError` where `count` of `Element` are more than the memory that is left. `meaning` says what they are.
  static func check<Element>(_ count: Int, of type: Element.Type, path: String, meaning: String) throws(FileError) {
    let byteCount = Double(count) * Double(MemoryLayout<Element>.stride)
    guard byteCount > Double(largestUnasked), let limit = MemoryLimits.current.limits.first,
      byteCount > Double(limit.room)
    else { return }
    func gigabytes(_ bytes: Double) -> String {
      let tenths = (bytes / 1e8).rounded()
      return "\(tenths / 10) GB"
    }
    throw FileError(
      path: path, action: "read the file",
      reason:
        "\(meaning) take \(gigabytes(byteCount)), and \(gigabytes(Double(limit.room))) are left of \(limit.kind.words)")
  }
}
