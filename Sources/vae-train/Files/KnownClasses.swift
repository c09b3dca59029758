import VAEData
import VAEKernels

/// The classes that somebody may ask for by name, or by number where they have none: those that a model can be told, or that
/// examples have.
struct KnownClasses {
  /// Their numbers, in order.
  let known: [UInt8]
  /// What they are called, by their numbers.
  var names: [String]?

  /// The class that `text` says: by its name, or where classes have none by its number. A number beside names would be one of
  /// an order that nobody sees, and of classes such as −1 and 1 another class.
  func label(_ text: String) -> UInt8? {
    DataClasses.place(of: text, in: names).flatMap { index in known.first { Int($0) == index } }
  }

  /// The class of a number as an array of labels has it: of one that is called by a number that one, and else its place among
  /// the names.
  func label(ofArray number: Float) -> UInt8? {
    guard let numbers = names.flatMap(ClassNumbers.init) else { return numbered(number) }
    return known.first { numbers.all.indices.contains(Int($0)) && Float(numbers.all[Int($0)]) == number }
  }

  private func numbered(_ number: Float) -> UInt8? { known.first { Float($0) == number } }

  /// What a class is called.
  func word(_ label: UInt8) -> String {
    if let names, names.indices.contains(Int(label)) { return names[Int(label)] }
    return "\(label)"
  }

  /// For a message.
  var expected: String { "one of the classes that the model had examples of, \(list)" }

  /// Some of them.
  var list: String {
    known.prefix(20).map(word).joined(separator: ", ") + (known.count > 20 ? ", …" : "")
  }

  /// For a message about `text`, which is none of them: what was found, and what may have been meant.
  func found(_ text: String) -> String {
    if names == nil, Float(text) != nil { return text }
    let nearest = names == nil ? nil : NearestNames.words(to: text, among: known.map(word))
    return "\"\(text)\"" + (nearest.map { "; \($0)" } ?? "")
  }
}
