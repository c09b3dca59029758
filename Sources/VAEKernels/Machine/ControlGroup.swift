/// The folders of the control groups that a process is in, by which containers and batch systems limit it.
///
/// Both hierarchies are read: that of version 2, in which a group has all limits, and those of version 1, one for each
/// kind (`man 7 cgroups`). A limit on a group holds for all groups in it, so that the least on the way up counts.
struct ControlGroup {
  private let files: SystemFiles
  /// The group's folders from its own up to the uppermost that can be seen; of version 2, and of a controller's own.
  private let unified: [String]
  private let own: [String]

  /// The groups of this process that may limit what `controller` ("cpu", "memory") is about.
  init(_ controller: String, _ files: SystemFiles) {
    self.files = files
    // "0::/a/b" of version 2, "4:cpu,cpuacct:/a/b" of version 1.
    var paths: (unified: Substring?, own: Substring?)
    for line in (files.text("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].isEmpty { paths.unified = parts[2] }
      if parts[1].split(separator: ",").contains(Substring(controller)) { paths.own = parts[2] }
    }
    var (unified, own): ([String], [String]) = ([], [])
    for line in (files.text("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let separator = fields.firstIndex(of: "-"), separator + 3 < fields.count else { continue }
      let (root, place) = (fields[3], fields[4])
      if fields[separator + 1] == "cgroup2", unified.isEmpty, let path = paths.unified {
        unified = Self.folders(path, root: root, place: place)
      }
      let controllers = fields[separator + 3].split(separator: ",")
      if fields[separator + 1] == "cgroup", own.isEmpty, controllers.contains(Substring(controller)),
        let path = paths.own
      {
        own = Self.folders(path, root: root, place: place)
      }
    }
    (self.unified, self.own) = (unified, own)
  }

  /// The folders of the group `path` and those above it, where the group `root` is seen at `place`. A group that is not
  /// below it, as in a container that sees its own alone, is that one.
  private static func folders(_ path: Substring, root: Substring, place: Substring) -> [String] {
    let groups = path.split(separator: "/")
    let above = root.split(separator: "/")
    var below = groups.starts(with: above) && !groups.contains("..") ? groups.dropFirst(above.count) : []
    var folders: [String] = []
    while true {
      folders.append(([place] + below).joined(separator: "/"))
      if below.isEmpty { return folders }
      below.removeLast()
    }
  }

  /// What a file says in each of the groups that has it, from the own one upwards.
  func lines(unified unifiedName: String, own ownName: String) -> (unified: [String], own: [String]) {
    (unified.compactMap { files.text("\($0)/\(unifiedName)") }, own.compactMap { files.text("\($0)/\(ownName)") })
  }
}

extension String {
  /// The words between spaces and ends of lines.
  var words: [Substring] { split { $0.isWhitespace } }
}
