/// Names that differ, made of such as may not.
enum UniqueNames {
  /// The first of a name keeps it, the k-th after it is called "name-k", as scanpy's `var_names_make_unique` has it; k
  /// goes on where that is another's name already.
  static func of(_ names: [String]) -> [String] {
    var taken = Set(names)
    guard taken.count < names.count else { return names }
    var seen: [String: Int] = [:]
    return names.map { name in
      guard var count = seen[name] else {
        seen[name] = 0
        return name
      }
      repeat { count += 1 } while !taken.insert("\(name)-\(count)").inserted
      seen[name] = count
      return "\(name)-\(count)"
    }
  }
}
