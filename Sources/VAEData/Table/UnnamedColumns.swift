import VAEKernels

/// Columns that a file does not name, and which are called by their places, from "column 1" on.
enum UnnamedColumns {
  /// The name of the column at a place, counted from 0.
  static func name(_ place: Int) -> String { "column \(place + 1)" }

  /// The place, counted from 0, of which `name` is the name; nil of others.
  static func place(of name: String) -> Int? {
    guard name.hasPrefix("column "), let number = Int(name.dropFirst("column ".count)), number > 0,
      Self.name(number - 1) == name
    else { return nil }
    return number - 1
  }

  /// How many columns a file without names has to have for a model of the columns `known`, as far as that can be told: all of
  /// them where no choice was made among the columns, else at least those up to the last that is wanted.
  ///
  /// `asides` are the columns that are not modelled and are to be there too.
  static func width(
    for known: [String], asides: [String], isChoice: Bool
  ) -> (count: Int, isLeast: Bool) {
    let places = (known + asides).compactMap(place)
    // A model of columns with names takes them by their places.
    guard isChoice, places.count == known.count + asides.count else { return (known.count + asides.count, false) }
    return ((places.max() ?? -1) + 1, true)
  }

  /// Throws `DataError` where a file has another number of columns.
  static func check(_ found: Int, _ width: (count: Int, isLeast: Bool), path: String) throws {
    guard width.isLeast ? found < width.count : found != width.count else { return }
    throw DataError(
      path: path,
      expected: "\(width.isLeast ? "at least " : "")\(width.count.counted("column")), as before",
      found: "\(found)")
  }
}

extension DataReading {
  /// Whether only some of the columns were asked for.
  var isChoiceOfColumns: Bool { !columns.isEmpty || !excluded.isEmpty }
}
