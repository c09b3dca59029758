import Foundation
import Testing

@testable import VAEData

/// The folder with real data, where there is one.
private let data = ProcessInfo.processInfo.environment["VAE_DATA"]

@Suite(.enabled(if: data != nil, "VAE_DATA names no folder with data"))
struct RealTableTests {
  private func path(_ name: String) throws -> String { Folder.path(of: name, in: try #require(data)) }

  /// Figures by Python's csv module.
  @Test func adultIsTheWholeOfIt() throws {
    let read = try TableFile.read(paths: [path("fields/adult/adult.csv.gz")])
    #expect(read.rowCount == 32_561)
    #expect(read.columns.count == 15)
    #expect(
      read.columns.filter { $0.texts == nil }.map(\.name) == [
        "age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week",
      ])
    func column(_ name: String) throws -> (texts: [String]?, values: [Float]) {
      let place = try #require(read.columns.firstIndex { $0.name == name })
      return (read.columns[place].texts, stride(from: place, to: read.values.count, by: 15).map { read.values[$0] })
    }
    #expect(try column("age").values.reduce(0, +) == 1_256_257)
    #expect(try column("workclass").values.count { $0.isNaN } == 1836)
    #expect(try column("workclass").texts?.count == 8)
    #expect(try column("native-country").values.count { $0.isNaN } == 583)
    #expect(try column("income").texts == ["<=50K", ">50K"])
    #expect(try column("income").values.count { $0 == 1 } == 7841)
  }

  @Test func ratingsInTabsAreRead() throws {
    let read = try TableFile.read(paths: [path("recommender/ml-100k.inter")])
    #expect(read.columns.map(\.name) == ["user_id:token", "item_id:token", "rating:float", "timestamp:float"])
    #expect(read.columns.allSatisfy { $0.texts == nil && $0.decimals == 0 })
    #expect(read.rowCount == 100_000)
    #expect(stride(from: 2, to: 400_000, by: 4).reduce(0) { $0 + read.values[$1] } == 352_986)
  }
}
