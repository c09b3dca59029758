import VAEKernels

/// What is said of how a folder was read.
enum PictureRemarks {
  /// How many unreadable pictures, or folders, are named; thousands would hide the rest.
  private static let largestNamed = 10

  /// A line for each kind of thing that was left out, and one for each of the first pictures among them.
  static func of(_ listing: PictureListing, unreadable: [(index: Int, error: any Error)]) -> [String] {
    var remarks: [String] = []
    if !unreadable.isEmpty {
      remarks.append("unreadable and left out: \(unreadable.count) of \(listing.files.count.counted("picture"))")
      remarks += unreadable.prefix(largestNamed).map { "\($0.error)" }
      let more = unreadable.count - largestNamed
      if more > 0 { remarks.append("and \(more) more") }
    }
    remarks += listing.unreadable.prefix(largestNamed).map { "\($0)" }
    if listing.passedOver.count > 0 {
      let files = listing.passedOver.count.counted("file")
      remarks.append(
        "passed over \(files) that \(listing.passedOver.count == 1 ? "is" : "are") no picture: \(listing.passedOverWords)"
      )
    }
    if let first = listing.repeatedFolders.first {
      let more = listing.repeatedFolders.count - 1
      remarks.append(
        "not entered: \(first)\(more > 0 ? " and \(more) more" : ""), a second way to a folder that was read")
    }
    return remarks
  }
}
