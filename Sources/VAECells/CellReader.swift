import VAEData
import VAEKernels

/// A format that cells come in: what there is, cheaply, and the counts.
protocol CellReader {
  /// The file or folder.
  var path: String { get }
  /// "AnnData", "10x HDF5 3", "10x folder 2", "loom".
  var format: String { get }
  var cellCount: Int { get }
  /// Genes of the main matrix, or features of any type.
  var geneCount: Int { get }
  var matrices: [CellMatrix] { get }
  var obsNames: [String] { get }
  var varNames: [String] { get }
  /// Of 10x files: the genomes.
  func genomes() throws -> [String]
  /// Of 10x files: the types of features.
  func featureTypes() throws -> [String]
  func obsColumn(_ name: String) throws -> CellColumn
  func varColumn(_ name: String, of matrix: CellMatrix) throws -> CellColumn
  /// How a matrix lies in the file.
  func summary(of matrix: CellMatrix) throws -> CellMatrixSummary
  func read(into sink: inout some CountRowSink, _ selection: CellSelection) throws -> CellTable
}

extension CellReader {
  func genomes() throws -> [String] { [] }
  func featureTypes() throws -> [String] { [] }

  func error(_ place: String, _ expected: String, _ found: String) -> DataError {
    DataError(path: path, place: place, expected: expected, found: found)
  }

  func error(_ expected: String, _ found: String) -> DataError {
    DataError(path: path, expected: expected, found: found)
  }

  /// Throws unless the matrix is there.
  func check(_ matrix: CellMatrix) throws {
    guard !matrices.contains(matrix) else { return }
    throw error(
      "\(matrix)", "one of its matrices, which are \(matrices.map(\.description).joined(separator: ", "))", "none")
  }

  /// Throws unless there is a name for every row of what is `place`.
  func checkCount(_ names: [String], _ expected: Int, _ place: String) throws {
    guard names.count == expected else { throw error(place, "\(expected) names", "\(names.count)") }
  }

  /// Runs `body` with an assembler of rows, and makes of what is no count an error that names the place. `advice` is asked
  /// for another matrix that holds counts.
  func assemble(
    _ assembler: RowAssembler, _ place: String, cells: [String], genes: [String], advice: () throws -> CellMatrix?,
    _ body: (inout RowAssembler) throws -> Void
  ) throws -> RowAssembler {
    var assembler = assembler
    do {
      try body(&assembler)
    } catch let fault as CountFault {
      let gene = genes.indices.contains(fault.column) ? " \"\(genes[fault.column].onOneLine)\"" : ""
      let expected =
        assembler.numbers == .any || fault.value.isNaN
        ? "a finite number" : CountRounding.expected(insteadOf: fault.value)
      let other = try? advice()
      throw error(
        "\(place), \(Self.cell(fault.row, cells)), gene\(gene) (column \(fault.column)), from 0",
        expected + (other.map { " (--matrix \($0) has them)" } ?? ""), "\(fault.value)")
    } catch let fault as PlaceFault {
      throw error(
        "\(place), \(Self.cell(fault.row, cells)), from 0", "columns from 0 to \(assembler.width - 1)", fault.found)
    }
    guard assembler.row == cells.count else {
      throw error(place, "\(cells.count.counted("row"))", "\(assembler.row)")
    }
    return assembler
  }

  private static func cell(_ row: Int, _ cells: [String]) -> String {
    "cell\(cells.indices.contains(row) ? " \"\(cells[row].onOneLine)\"" : "") (row \(row))"
  }

  /// The columns that are wanted; those that nobody can read are left out, and said, unless they were asked for by name.
  func columns(
    _ names: [String], _ selection: CellSelection, _ place: String, _ remarks: inout [String],
    _ read: (String) throws -> CellColumn
  ) throws -> [CellColumn] {
    var columns: [CellColumn] = []
    for name in names where selection.wants(name) {
      do {
        columns.append(try read(name))
      } catch let error as DataError where selection.columns == nil {
        remarks.append(
          "The column \"\(name.onOneLine)\" of \(place) is left out: expected \(error.expected), found \(error.found)")
      }
    }
    return columns
  }
}

/// How a matrix lies in its file.
public struct CellMatrixSummary: Hashable, Sendable {
  /// Which it is.
  public var matrix: CellMatrix
  /// Its genes.
  public var geneCount: Int
  /// "dense", "CSR", "CSC".
  public var layout: String
  /// The stored numbers, where they are sparse.
  public var stored: Int?
  /// Whether its first thousand numbers look like counts.
  public var looksLikeCounts: Bool
}
