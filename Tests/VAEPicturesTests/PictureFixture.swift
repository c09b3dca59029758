import Foundation
import Testing
import VAEPictures

/// Files that Pillow wrote and read, or that are written by hand: `Scripts/make-picture-fixtures.py`.
struct PictureFixture: Decodable, CustomTestStringConvertible, Sendable {
  var name = ""
  let file: Data
  let width: Int
  let height: Int
  let channels: Int
  let pixels: Data

  private enum CodingKeys: String, CodingKey { case file, width, height, channels, pixels }

  var testDescription: String { name }
  var bytes: [UInt8] { [UInt8](file) }
  var picture: Picture { Picture(width: width, height: height, channels: channels, bytes: [UInt8](pixels)) }

  /// A file that is to be refused, and a part of what is said of it.
  struct Refused: Decodable, CustomTestStringConvertible, Sendable {
    var name = ""
    let file: Data
    let words: String

    private enum CodingKeys: String, CodingKey { case file, words }

    var testDescription: String { name }
  }

  private struct File: Decodable {
    let pictures: [String: PictureFixture]
    let refused: [String: Refused]
  }

  private static let all: File = {
    let url = Bundle.module.url(forResource: "pictures", withExtension: "json", subdirectory: "Fixtures")!
    do {
      return try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    } catch {
      fatalError("pictures.json: \(error)")
    }
  }()

  /// By name.
  static let pictures: [PictureFixture] = all.pictures.sorted { $0.key < $1.key }.map { name, fixture in
    var fixture = fixture
    fixture.name = name
    return fixture
  }

  static let refused: [Refused] = all.refused.sorted { $0.key < $1.key }.map { name, fixture in
    var fixture = fixture
    fixture.name = name
    return fixture
  }

  static subscript(_ name: String) -> PictureFixture { pictures.first { $0.name == name }! }
}
