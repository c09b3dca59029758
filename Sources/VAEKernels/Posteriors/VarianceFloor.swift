import CStandardLibrary

/// A least variance of a Gaussian posterior, added to what the encoder says:
///
///     s = log(exp a + f)                     a, s [B, L], f > 0;  the means pass through
///     da = ds ⊙ exp a / (exp a + f) = ds ⊙ sigmoid(a − log f)
///
/// So that no posterior is a point: scVI has exp a + 1e-4 (Lopez, Regier, Cole, Jordan and Yosef 2018, and scvi-tools).
struct VarianceFloor: Stage {
  let name = "variance-floor"
  /// log f.
  let logFloor: Float
  /// Means and a.
  let input: Slot
  /// Means and s.
  let output: Slot

  init(_ blueprint: inout Blueprint, head: Slot, floor: Float) {
    logFloor = log(floor)
    input = head
    output = blueprint.slot(columns: head.columns, rows: head.rows)
  }

  /// s ← log f + softplus(a − log f).
  func forward(_ pass: Pass) {
    pass.barrier()
    let (x, y) = (pass[input], pass[output])
    let count = input.columns / 2
    for row in pass.ownExamples {
      let (head, out) = (x.base + row * x.stride, y.base + row * y.stride)
      for l in 0..<count {
        out[l] = head[l]
        let above = head[count + l] - logFloor
        out[count + l] = logFloor + (above > 0 ? above + log1p(exp(-above)) : log1p(exp(above)))
      }
    }
    pass.barrier()
  }

  /// da ← ds ⊙ sigmoid(a − log f).
  func backward(_ pass: Pass) {
    pass.barrier()
    let (x, dX, dY) = (pass[input], pass.d(input), pass.d(output))
    let count = input.columns / 2
    for row in pass.ownExamples {
      let (head, dHead, dOut) = (x.base + row * x.stride, dX.base + row * dX.stride, dY.base + row * dY.stride)
      for l in 0..<count {
        dHead[l] = dOut[l]
        dHead[count + l] = dOut[count + l] / (1 + exp(logFloor - head[count + l]))
      }
    }
    pass.barrier()
  }
}
