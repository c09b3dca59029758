extension Int {
  /// "1 example", "2 examples": so many of what `noun` names, whose plural is given where no s makes it.
  ///
  /// For every message with a number in it, so that none says "1 examples".
  package func counted(_ noun: String, plural: String? = nil) -> String {
    "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
  }
}
