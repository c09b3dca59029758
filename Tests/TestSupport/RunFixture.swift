import Foundation

/// A small run that an earlier version wrote, and what the same version said of it, from
/// `Scripts/make-run-fixtures.sh`.
public struct RunFixture: Sendable, CustomStringConvertible {
  /// The name of the run's folder.
  public let name: String
  /// The version that wrote it.
  public let version: String
  /// What its `evaluate` and `encode` said.
  public let expected: Expected
  /// Where it lies, beside the data that it was trained on.
  private let folder: URL

  /// What a version said of a run.
  public struct Expected: Decodable, Sendable {
    /// `evaluate --json`, for a variational model with `--importance-samples 20`.
    public let evaluate: [String: Figure]
    /// `evaluate --best --json`, where the run has a best model.
    public let best: [String: Figure]?
    /// `evaluate --json` after `--resume --epochs 3`, where it has a checkpoint.
    public let resumed: [String: Figure]?
    /// The CSV of `encode`.
    public let encode: Table
  }

  /// Columns with names.
  public struct Table: Decodable, Sendable {
    /// The names.
    public let header: [String]
    /// The numbers of each row.
    public let rows: [[Double]]
  }

  /// A value in what `evaluate --json` prints.
  public enum Figure: Decodable, Sendable, Equatable {
    case flag(Bool)
    case number(Double)
    case numbers([Double])

    /// Reads any of these.
    public init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else {
        self = .numbers(try value.decode([Double].self))
      }
    }
  }

  /// Copies the run and its data, as `name` and `data`, to an empty folder, where they may be changed.
  public func copy() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for name in [name, "data"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path) {
        try copy.write(Data(contentsOf: folder.appending(path: "\(name)/\(file)")), to: "\(name)/\(file)")
      }
    }
    return copy
  }

  /// The files that a copy has of the run.
  public var files: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)) ?? [])
  }

  /// Every run of every version, by name. A file that is missing or cannot be read stops the tests.
  public static let all: [RunFixture] = {
    let fixtures = Bundle.module.resourceURL!.appending(path: "Fixtures")
    do {
      let runs = try contents(of: fixtures).filter { $0.lastPathComponent.hasPrefix("Runs-") }.flatMap { folder in
        try contents(of: folder).filter { $0.pathExtension == "json" }.map { file in
          RunFixture(
            name: file.deletingPathExtension().lastPathComponent,
            version: String(folder.lastPathComponent.dropFirst("Runs-".count)),
            expected: try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file)), folder: folder)
        }
      }
      precondition(!runs.isEmpty, "no runs in \(fixtures.path)")
      return runs
    } catch {
      fatalError("runs in \(fixtures.path): \(error)")
    }
  }()

  private static func contents(of folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }

  /// The name and the version, by which parameterised tests list it.
  public var description: String { "\(name) of \(version)" }
}
