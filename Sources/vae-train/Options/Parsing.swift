import ArgumentParser
import VAEData
import VAEKernels
import VAETrainer

/// Turns the text of an option into a value, or says in a word what was expected.
///
/// ArgumentParser puts the option's name and the text in front of the message. Which numbers make sense is for the
/// library to say; here it only matters whether they are numbers.
enum Parse {
  static func wholeNumber(_ text: String) throws -> Int {
    guard let number = Int(text) else {
      let isTooLarge = Double(text) != nil && text.allSatisfy { $0.isNumber || $0 == "-" || $0 == "+" }
      throw ValidationError("expected a whole number" + (isTooLarge ? " from \(Int.min) to \(Int.max)" : ""))
    }
    return number
  }

  static func seed(_ text: String) throws -> UInt64 {
    guard let number = UInt64(text) else { throw ValidationError("expected a whole number from 0 to \(UInt64.max)") }
    return number
  }

  static func number(_ text: String) throws -> Float {
    let precise = try preciseNumber(text)
    // From the text: by way of a Double it could be rounded twice.
    let number = Float(text) ?? Float(precise)
    // What is typed is a number, but none in single precision: neither infinity nor zero was meant.
    guard number.isFinite, number != 0 || precise == 0 else {
      throw ValidationError(
        "expected 0, or a size of \(Float.leastNonzeroMagnitude) to \(Float.greatestFiniteMagnitude)")
    }
    return number
  }

  static func preciseNumber(_ text: String) throws -> Double {
    guard let number = Double(text), number.isFinite else {
      // "1e999" is finite to whoever typed it.
      let isTooLarge = text.contains(where: \.isNumber) && Double(text) != nil
      throw ValidationError(
        isTooLarge ? "expected a size of at most \(Double.greatestFiniteMagnitude)" : "expected a finite number")
    }
    return number
  }

  /// A part of a whole, but not nothing and not all of it.
  static func share(_ text: String) throws -> Double {
    guard let number = Double(text), number > 0, number < 1 else {
      throw ValidationError("expected a number above 0 and below 1")
    }
    return number
  }

  /// The rows or columns of a grid of pictures.
  static func gridSize(_ text: String) throws -> Int {
    guard let number = Int(text), (1...1000).contains(number) else {
      throw ValidationError("expected a whole number from 1 to 1000")
    }
    return number
  }

  /// A path; the empty one would mean the folder at hand.
  static func path(_ text: String) throws -> String {
    if text.isEmpty { throw ValidationError("expected a path") }
    return text
  }

  /// "200,200", or "none" for no hidden layer.
  static func widths(_ text: String) throws -> [Int] {
    if text == "none" { return [] }
    return try text.split(separator: ",", omittingEmptySubsequences: false).map {
      guard let width = Int($0) else {
        throw ValidationError("expected widths with commas between, such as 200,200, or \"none\"")
      }
      return width
    }
  }

  /// "?,-9": words with commas between.
  static func words(_ text: String) throws -> [String] {
    let words = text.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    if words.isEmpty { throw ValidationError("expected words with commas between") }
    return words
  }

  /// "age,income": names with commas between; one with a comma in it stands in quotes.
  static func columnNames(_ text: String) throws -> [String] {
    var names: [String] = []
    var rest = Substring(text)
    while true {
      rest = rest.drop { $0 == " " || $0 == "," }
      if rest.isEmpty { break }
      guard rest.first == "\"" else {
        names.append(String(rest.prefix { $0 != "," }))
        rest = rest.drop { $0 != "," }
        continue
      }
      let name = rest.takeQuoted()
      rest = rest.drop { $0 == " " }
      guard let name, rest.isEmpty || rest.first == "," else {
        throw ValidationError(
          "expected names with commas between, each in quotes or without any, found one that is neither")
      }
      names.append(name)
    }
    if names.isEmpty { throw ValidationError("expected names with commas between") }
    return names
  }

  /// "float32", or ">f4".
  static func rawType(_ text: String) throws -> String {
    guard RawLayout.isType(text) else {
      throw ValidationError("expected one of \(rawTypes), or a word of NumPy's for one, such as >f4")
    }
    return text
  }

  /// The types of numbers without a header.
  static let rawTypes = RawLayout.types.map(\.0).joined(separator: ", ")

  /// "784", "28x28" or "32x32x3".
  static func exampleShape(_ text: String) throws -> [Int] {
    let sizes = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard RawLayout.isExample(sizes) else {
      throw ValidationError("expected columns, height x width, or these and 1 or 3 channels: 784, 28x28 or 32x32x3")
    }
    return sizes
  }

  /// A number of bytes.
  static func byteCount(_ text: String) throws -> Int {
    guard let count = Int(text), count >= 0 else { throw ValidationError("expected a whole number from 0") }
    return count
  }

  /// "3,7": two latent dimensions.
  static func dimensions(_ text: String) throws -> [Int] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let first = numbers[0], let second = numbers[1], first >= 0, second >= 0, first != second
    else {
      throw ValidationError("expected two different dimensions from 0, such as 3,7")
    }
    return [first, second]
  }

  /// "10:0.1,20:0.01": after epoch 10 a tenth of the base rate, after epoch 20 a hundredth.
  static func milestones(_ text: String) throws -> [LearningRateSchedule.Milestone] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { pair in
      let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let epoch = Int(parts[0]), let factor = Float(parts[1]) else {
        throw ValidationError("expected epochs and factors, such as 10:0.1,20:0.01")
      }
      return LearningRateSchedule.Milestone(epoch: epoch, factor: factor)
    }
  }

  /// A description in words; what is wrong with it is said of the word.
  static func words<Value>(_ read: @escaping @Sendable (String) throws -> Value) -> @Sendable (String) throws -> Value {
    { text in
      do { return try read(text) } catch let error as DescriptionError { throw ValidationError("\(error)") }
    }
  }

  /// A list of layers in words.
  static func words(_ read: @escaping @Sendable (String) throws -> [any Layer])
    -> @Sendable (String) throws -> LayerList
  {
    words { LayerList(try read($0)) }
  }

  /// "dense, relu, …", for help.
  static func names(_ types: [any Described.Type]) -> String {
    types.flatMap { $0.names }.joined(separator: ", ")
  }

  /// One of the names of an enumeration.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Choice {
    guard let choice = Choice(rawValue: text) else {
      throw ValidationError("expected one of \(names(Choice.self))")
    }
    return choice
  }

  /// "relu, tanh, …", for messages and help.
  static func names<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
    Choice.allCases.map(\.rawValue).joined(separator: ", ")
  }
}
