import Foundation
import VAEKernels

/// Times matrix products by themselves, in each way that there is to divide them between threads.
final class ProductTimer {
  /// Who multiplies, and how a product is divided.
  enum Method: String, CaseIterable, Encodable {
    /// OpenBLAS with threads of its own.
    case openblas
    /// OpenBLAS on one thread, in a team whose workers take some rows of the minibatch (of the weights, for their
    /// gradient) each.
    case openblasByRows = "openblas-rows"
    /// The same, some columns of the result each.
    case openblasByColumns = "openblas-columns"
    /// The library's own product, divided as the layers do.
    case own
  }

  private let team: ThreadTeam

  init(_ team: ThreadTeam) {
    self.team = team
  }

  /// Seconds that one product takes, the best of many: of at least five, and of as many as fit into `budget` seconds.
  func time(_ product: StepProduct, _ method: Method, budget: Double = 0.03) -> Double {
    let operands = Operands(product)
    var best = Double.infinity
    var spent = 0.0
    var count = 0
    while count < 6 || spent < budget {
      let once = run(operands, method)
      spent += once
      count += 1
      // The first brings the operands into the cache.
      if count > 1 { best = min(best, once) }
    }
    return best
  }

  /// The fastest method and its seconds.
  func best(_ product: StepProduct) -> (method: Method, seconds: Double) {
    Method.allCases.map { ($0, time(product, $0)) }.min { $0.1 < $1.1 }!
  }

  /// Seconds of all of `products`, one after the other, each by its fastest method.
  func best(_ products: [StepProduct]) -> Double {
    var known: [StepProduct: Double] = [:]
    return products.reduce(0) { sum, product in
      let seconds = known[product] ?? best(product).seconds
      known[product] = seconds
      return sum + seconds
    }
  }

  private func run(_ operands: Operands, _ method: Method) -> Double {
    switch method {
    case .openblas:
      return BLAS.withOwnThreads(team.count) { seconds { operands.multiply(.openblas) } }
    case .openblasByRows, .openblasByColumns:
      let byRows = method == .openblasByRows
      return seconds {
        team.run { worker in
          let rows = byRows ? worker.share(of: operands.c.rows, grain: 8) : 0..<operands.c.rows
          let columns = byRows ? 0..<operands.c.columns : worker.share(of: operands.c.columns, grain: 16)
          operands.multiply(.openblas, rows, columns)
        }
      }
    case .own:
      return seconds {
        team.run { worker in
          if operands.form == .weightGradient {
            operands.multiply(.own, worker.share(of: operands.c.rows, grain: 8), 0..<operands.c.columns)
          } else {
            let part = worker.region(rows: 0..<operands.c.rows, columns: operands.c.columns)
            operands.multiply(.own, part.rows, part.columns)
          }
        }
      }
    }
  }
}

/// A product's matrices, as a layer has them.
private struct Operands: Sendable {
  let form: StepProduct.Form
  let a: Matrix
  let b: Matrix
  let c: Matrix
  private let buffers: [AlignedBuffer]

  init(_ product: StepProduct) {
    form = product.form
    let (batchSize, inputs, outputs) = (product.batchSize, product.inputs, product.outputs)
    let sizes = [(batchSize, inputs), (inputs, outputs), (batchSize, outputs)]
    buffers = sizes.map { AlignedBuffer(count: $0.0 * $0.1) }
    for buffer in buffers { buffer.base.update(repeating: 0.5, count: buffer.count) }
    let matrices = zip(sizes, buffers).map { Matrix($1.base, rows: $0.0, columns: $0.1) }
    let (x, weight, y) = (matrices[0], matrices[1], matrices[2])
    switch form {
    case .forward: (a, b, c) = (x, weight, y)
    case .inputGradient: (a, b, c) = (y, weight, x)
    case .weightGradient: (a, b, c) = (x, y, weight)
    }
  }

  func multiply(_ engine: MatrixProduct.Engine, _ rows: Range<Int>? = nil, _ columns: Range<Int>? = nil) {
    let rows = rows ?? 0..<c.rows
    let columns = columns ?? 0..<c.columns
    let c = c.rows(rows).columns(columns)
    switch form {
    case .forward: MatrixProduct.multiply(a.rows(rows), b.columns(columns), into: c, by: engine)
    case .inputGradient: MatrixProduct.multiply(a.rows(rows), transposed: b.rows(columns), into: c, by: engine)
    case .weightGradient: MatrixProduct.multiply(transposed: a.columns(rows), b.columns(columns), into: c, by: engine)
    }
  }
}
