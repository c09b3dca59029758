import Foundation
import Testing
import VAEData
import VAEKernels

@testable import VAEPictures

@Suite struct PictureDecoderTests {
  /// Between versions of libjpeg-turbo, whose ways from YCbCr to RGB and of enlarging chroma round differently. PNG is exact.
  static let jpegTolerance = 2

  @Test(arguments: PictureFixture.pictures) func pixelsAreThoseInTheFile(fixture: PictureFixture) throws {
    let picture = try PictureDecoder().decode(fixture.bytes, path: "a")
    #expect(picture.width == fixture.width && picture.height == fixture.height && picture.channels == fixture.channels)
    try #require(picture.bytes.count == fixture.pixels.count)
    let difference = zip(picture.bytes, fixture.pixels).map { abs(Int($0) - Int($1)) }.max()!
    #expect(difference <= (fixture.name.hasPrefix("JPEG") ? Self.jpegTolerance : 0))
  }

  @Test(arguments: PictureFixture.refused) func whatIsRefusedIsNamed(fixture: PictureFixture.Refused) throws {
    let error = #expect(throws: DataError.self) { try PictureDecoder().decode([UInt8](fixture.file), path: "a.png") }
    let words = "\(error!)"
    #expect(words.hasPrefix("a.png: ") && words.contains(fixture.words) && !words.contains("\n"), "\(words)")
  }

  /// A file that is cut off anywhere is an error: rows of grey in its place would be learned.
  @Test(arguments: PictureFixture.pictures.filter { !$0.name.contains("behind it") })
  func noPartOfAFilePasses(fixture: PictureFixture) {
    let bytes = fixture.bytes
    for count in 0..<bytes.count {
      #expect(throws: DataError.self, "\(count) of \(bytes.count) bytes") {
        try PictureDecoder().decode(Array(bytes[..<count]), path: "a")
      }
    }
  }

  /// A damaged file is read or refused; it never stops the program.
  @Test func damagedFilesNeverTrap() throws {
    var random = RandomSequence(RandomStream(seed: 3, purpose: .user))
    func below(_ limit: Int) -> Int { Int(random.integer(below: UInt32(limit))) }
    var (refused, read) = (0, 0)
    for fixture in PictureFixture.pictures {
      for _ in 0..<60 {
        var file = fixture.bytes
        for _ in 0...below(3) {
          // Lengths and markers do more than noise.
          let bytes: [UInt8] = [0, 1, 0x7F, 0x80, 0xC0, 0xD9, 0xDA, 0xE1, 0xFF, UInt8(below(256))]
          file[below(file.count)] = bytes[below(bytes.count)]
        }
        do {
          let picture = try PictureDecoder().decode(file, path: "x")
          #expect(picture.bytes.count == picture.width * picture.height * picture.channels)
          read += 1
        } catch {
          #expect(!"\(error)".contains("\n"))
          refused += 1
        }
      }
    }
    #expect(refused > 1000 && read > 100)
  }

  /// Checksums would hide the notes from damage.
  @Test func damagedNotesNeverTrap() throws {
    let notes: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    #expect(Exif.orientation(notes[...]) == .turnedLeft)
    for place in notes.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = notes
        damaged[place] = value
        _ = Exif.orientation(damaged[...])
      }
      #expect(Exif.orientation([1, 2] + notes[..<place]) == nil)
    }
    // As part of a larger array, whose first index is not 0.
    #expect(Exif.orientation(([1, 2, 3] + notes).dropFirst(3)) == .turnedLeft)
  }

  @Test func transparentPlacesShowTheBackground() throws {
    let fixture = PictureFixture["PNG type 4, 8 bits"]
    let white = try PictureDecoder().decode(fixture.bytes, path: "a")
    let black = try PictureDecoder(background: .black).decode(fixture.bytes, path: "a")
    let red = try PictureDecoder(background: PictureColor(red: 255, green: 0, blue: 0)).decode(
      fixture.bytes, path: "a")
    #expect(white.channels == 1 && black.channels == 1 && red.channels == 3)
    for pixel in black.bytes.indices {
      #expect(red.bytes[3 * pixel] == white.bytes[pixel])
      #expect(red.bytes[3 * pixel + 1] == black.bytes[pixel] && red.bytes[3 * pixel + 2] == black.bytes[pixel])
    }
    #expect(white.bytes != black.bytes)
  }

  @Test func lumaIsThatOfRecommendation601() {
    #expect(PictureColor(red: 255, green: 0, blue: 0).luma == 76)
    #expect(PictureColor(red: 0, green: 255, blue: 0).luma == 150)
    #expect(PictureColor(red: 0, green: 0, blue: 255).luma == 29)
    for grey in UInt8.min...UInt8.max { #expect(PictureColor(grey: grey).luma == grey) }
    let picture = Picture(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 9, 9, 9])
    #expect(picture.hasColor && picture.grey().bytes == [76, 9])
    #expect(!Picture(width: 2, height: 1, channels: 3, bytes: [1, 1, 1, 9, 9, 9]).hasColor)
    #expect(Picture(width: 2, height: 1, channels: 3, bytes: [1, 1, 1, 9, 9, 8]).hasColor)
  }
}
