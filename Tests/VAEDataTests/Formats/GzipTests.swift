import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

struct GzipTests {
  private var long: [UInt8] { Self.long }

  /// Longer than the reader's chunk, and hardly compressible, so that refills happen inside a member.
  private static let long: [UInt8] = {
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user))
    return (0..<400_000).map { _ in UInt8(random.integer(below: 200)) }
  }()

  private func contents(of path: String) throws -> [UInt8] {
    try Contents(path: path).readAll()
  }

  @Test func compressedContentsComeBack() throws {
    let folder = try TemporaryFolder()
    #expect(try contents(of: folder.write(Gzip.compress(long), to: "long.gz")) == long)
    #expect(try contents(of: folder.write(Gzip.compress([]), to: "empty.gz")) == [])
    // What is a gzip file is told by its contents.
    #expect(try contents(of: folder.write(long, to: "plain.gz")) == long)
    #expect(try contents(of: folder.write([0x1F], to: "one byte")) == [0x1F])
  }

  @Test func severalMembersAreOne() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Gzip.compress(long) + Gzip.compress([]) + Gzip.compress([7, 8]), to: "three.gz")
    #expect(try contents(of: path) == long + [7, 8])
  }

  @Test(arguments: [1, 4, 8, 9, 1000, 100_000]) func fileCutShortIsRefused(missing: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Gzip.compress(long).dropLast(missing), to: "cut.gz")
    let message = errorDescription { _ = try contents(of: path) }
    #expect(message.hasPrefix("\(path): byte ") && message.hasSuffix("the end of the file: it is cut short"))
  }

  @Test func wrongChecksumIsRefused() throws {
    let folder = try TemporaryFolder()
    var bytes = Gzip.compress(long)
    bytes[bytes.count - 6] ^= 1
    let path = try folder.write(bytes, to: "checksum.gz")
    let message = errorDescription { _ = try contents(of: path) }
    #expect(message.hasSuffix("expected intact gzip data, found incorrect data check"))
  }

  @Test func noFlippedBitChangesTheContents() throws {
    let folder = try TemporaryFolder()
    let short = Array(long[..<300])
    let intact = Gzip.compress(short)
    // The header's flags, time, and operating system (bytes 3 to 9) are not covered by any checksum.
    for index in 10..<intact.count {
      var bytes = intact
      bytes[index] ^= 0x10
      let path = try folder.write(bytes, to: "flipped.gz")
      // A few bits mean nothing: those that pad the last byte before the checksum.
      let read = try? contents(of: path)
      #expect(read == nil || read == short, "byte \(index)")
    }
  }

  @Test func trailingBytesAreRefused() throws {
    let folder = try TemporaryFolder()
    for bytes in [[1], [0, 0, 3], [0x1F]] as [[UInt8]] {
      let path = try folder.write(Gzip.compress(long) + bytes, to: "trailing.gz")
      #expect(errorDescription { _ = try contents(of: path) } != "")
    }
  }

  /// As tapes leave them. Python reads what comes after the zeros too, where it is another member.
  @Test(arguments: [1, 511, 1 << 18, 300_000]) func trailingZerosAreNoContents(count: Int) throws {
    let folder = try TemporaryFolder()
    let zeros = [UInt8](repeating: 0, count: count)
    let path = try folder.write(Gzip.compress(long) + zeros, to: "padded.gz")
    #expect(try contents(of: path) == long)
    try folder.write(Gzip.compress(long) + zeros + Gzip.compress([7]) + zeros, to: "padded.gz")
    #expect(try contents(of: path) == long + [7])
  }
}
