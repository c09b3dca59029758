import ArgumentParser
import VAEData

/// "age=40, smoker=yes": values of columns that a model is told. One with a comma in it stands in quotes, city="New, York", in
/// which "" is a quote, or is told by being a text of its column.
struct GivenValues {
  /// By the column's place.
  var values: [Int: Float] = [:]

  init(_ text: String, _ coding: TableCoding) throws {
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " || $0 == "," }
      if rest.isEmpty { return }
      let pair = rest.prefix { $0 != "," }
      let name = try Self.word(&rest, of: pair) { $0.prefix { $0 != "=" && $0 != "," }.count }
      guard rest.first == "=" else {
        throw ValidationError("--given: expected column=value, found \"\(pair)\"")
      }
      rest = rest.dropFirst().drop { $0 == " " }
      guard let column = coding.columns.firstIndex(where: { $0.name == name && $0.role == .condition }) else {
        let known = coding.columns.filter { $0.role == .condition }.map(\.name)
        throw ValidationError(
          "--given: expected one of the columns that the model is told, "
            + (known.isEmpty ? "of which it has none: train with --conditions" : known.joined(separator: ", "))
            + ", found \"\(name)\"")
      }
      guard values[column] == nil else {
        throw ValidationError("--given: expected each column once, found \(name) twice")
      }
      let coded = coding.columns[column]
      let value = try Self.word(&rest, of: pair) { Self.length(of: coded, in: $0) }
      guard rest.isEmpty || rest.first == "," else {
        throw ValidationError("--given: expected a comma behind \(name)=\"\(value)\", found \"\(rest)\"")
      }
      values[column] = try Self.value(value, coded)
    }
  }

  /// The text in quotes that `rest` begins with, or as many characters of it as `length` says, without the spaces at their end.
  /// It is taken from `rest`, and so are the spaces behind it; `pair` is for a message.
  private static func word(
    _ rest: inout Substring, of pair: Substring, _ length: (Substring) -> Int
  ) throws -> String {
    var word = ""
    if rest.first == "\"" {
      guard let quoted = rest.takeQuoted() else {
        throw ValidationError(
          "--given: expected a quote at the end of a text that begins with one, found none in \(pair)")
      }
      word = quoted
    } else {
      let taken = rest.prefix(length(rest))
      rest = rest.dropFirst(taken.count)
      word = String(taken[..<(taken.lastIndex { $0 != " " }.map(taken.index(after:)) ?? taken.startIndex)])
    }
    rest = rest.drop { $0 == " " }
    return word
  }

  /// How many characters of `text` are the value of a column: the longest text that it may have, where that ends at a comma or
  /// with all; else all before a comma.
  private static func length(of column: CodedColumn, in text: Substring) -> Int {
    let known = (column.texts ?? []).filter { known in
      guard text.hasPrefix(known) else { return false }
      return [nil, ","].contains(text.dropFirst(known.count).first { $0 != " " })
    }
    return known.map(\.count).max() ?? text.prefix { $0 != "," }.count
  }

  private static func value(_ text: String, _ column: CodedColumn) throws -> Float {
    if let texts = column.texts {
      guard let index = DataClasses.place(of: text, in: texts) else {
        throw ValidationError(
          "--given: expected for \(column.name) one of \(texts.prefix(8).joined(separator: ", ")), found \"\(text)\"")
      }
      return Float(index)
    }
    let isLevel = { (value: Float) in column.levels.isEmpty || column.levels.contains(value) }
    guard let value = Float(text), value.isFinite, isLevel(value) else {
      let expected =
        column.levels.isEmpty ? "a number" : "one of \(column.levelTexts.prefix(8).joined(separator: ", "))"
      throw ValidationError("--given: expected for \(column.name) \(expected), found \"\(text)\"")
    }
    guard column.kind != .count || value >= 0 && value == value.rounded() else {
      throw ValidationError("--given: expected for \(column.name) a whole number from 0 up, found \"\(text)\"")
    }
    if !(column.lowest...column.highest).contains(value) {
      let range = "\(column.text(of: column.lowest)) to \(column.text(of: column.highest))"
      Message.warn("--given: \(column.name) was \(range) in the data, and \(text) is beyond: rows may make no sense")
    }
    let written = column.text(of: value)
    if Float(written) != value {
      Message.warn(
        "--given: the model is told \(column.name)=\(text), and rows have \(written), with the data's digits")
    }
    return value
  }
}

extension Substring {
  /// The text in the quotes that this begins with, in which "" is a quote, and both are taken from it; nil where they do not end.
  mutating func takeQuoted() -> String? {
    var text = ""
    removeFirst()
    while true {
      text += prefix { $0 != "\"" }
      self = drop { $0 != "\"" }
      guard popFirst() != nil else { return nil }
      guard first == "\"" else { return text }
      text.append(removeFirst())
    }
  }
}
