import Foundation
import TestSupport
import Testing

@testable import VAEData

struct SVMLightTests {
  @Test(arguments: MatrixFixture.good("svmlight")) func rowsAreThoseThatScikitLearnReads(fixture: MatrixFixture) throws
  {
    let folder = try TemporaryFolder()
    let (matrix, labels) = try SVMLight.read(path: fixture.write(to: folder))
    #expect([matrix.rowCount, matrix.columnCount] == fixture.shape)
    #expect(matrix.rows(0..<matrix.rowCount) == fixture.numbers)
    #expect(labels == fixture.labels)
  }

  @Test func rowsMayBeEmpty() throws {
    let (matrix, labels) = try read("# nothing\n\n1\n-1 3:2e-1 # three\r\n+1 ")
    #expect(labels == [1, -1, 1])
    #expect(matrix.rowStarts == [0, 0, 1, 1] && matrix.columns == [2] && matrix.values == [0.2])
    #expect(matrix.columnCount == 3)
    #expect(try read("1\n2\n").0.columnCount == 0)
  }

  @Test(arguments: [
    ("", "expected rows of a label and index:value, found none"),
    ("# a\n", "expected rows of a label and index:value, found none"),
    ("1 1:2\n1,2 1:1\n", "line 2: expected one label for each row, found several: \"1,2\""),
    ("a 1:2\n", "line 1: expected a label, which is a number, found \"a\""),
    ("1:2 2:3\n", "line 1: expected a label, which is a number, found \"1:2\""),
    ("1 2\n", "line 1: expected elements as index:value, found \"2\""),
    ("1 2:\n", "line 1: expected elements as index:value, found \"2:\""),
    ("1 2:a\n", "line 1: expected elements as index:value, found \"2:a\""),
    ("1 -2:1\n", "line 1: expected elements as index:value, found \"-2:1\""),
    ("1 2:1 1:1\n", "line 1: expected indices that rise, below 4294967295, found 1 after 2"),
    ("1 2:1 2:1\n", "line 1: expected indices that rise, below 4294967295, found 2 after 2"),
    ("1 4294967295:1\n", "line 1: expected indices that rise, below 4294967295, found 4294967295"),
    ("1 4000000000:1\n", "expected at most 16777216 rows and columns for 1 element, found 1 × 4000000000"),
  ]) func othersAreRefused(text: String, expected: String) throws {
    let message = errorDescription { _ = try read(text) }
    #expect(message.hasSuffix(expected))
  }

  @Test func severalLabelsAreRefused() throws {
    let message = try refusal(of: "svmlight: several labels") { _ = try SVMLight.read(path: $0) }
    #expect(message.contains("expected one label for each row, found several: "))
  }

  @Test func damagedFilesNeverTrap() throws {
    let characters = Array("0123456789 -.e:#\nqid,\r".utf8)
    let counts = try expectNoTraps(MatrixFixture.good("svmlight"), times: 100, characters: characters) {
      _ = try SVMLight.read(path: $0)
    }
    #expect(counts.read > 50 && counts.refused > 100)
  }

  private func read(_ text: String) throws -> (SparseMatrix, [Float]) {
    let folder = try TemporaryFolder()
    return try SVMLight.read(path: folder.write(text.utf8, to: "a.svm"))
  }
}
