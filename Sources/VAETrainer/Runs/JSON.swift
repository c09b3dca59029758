import Foundation
import VAEKernels

/// How this module writes and reads JSON: keys in snake case and sorted, so that the same values give the same bytes.
enum JSON {
  static func encode(_ value: some Encodable, pretty: Bool = false) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Where the value names types, they are of `vocabulary` and `optimizers`.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, vocabulary: Vocabulary = .standard,
    optimizers: [any Optimizer.Type] = Optimizers.standard
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.userInfo[.vocabulary] = vocabulary
    decoder.userInfo[.optimizers] = optimizers
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(text.utf8))
  }

  /// What is wrong with a text, in a few words on one line.
  static func describe(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, _): return "no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "another kind of value at \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\""
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty && context.underlyingError != nil
        ? "text that is not JSON" : context.debugDescription
    @unknown default: return "something else"
    }
  }
}
