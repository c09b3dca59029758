import Foundation
import TestSupport
import Testing

/// Paths go to the kernel as they came.
struct PathArgumentTests {
  private static func start(_ arguments: String, in folder: TemporaryFolder) throws -> Executable.Result {
    let options = Tiny.options.joined(separator: " ")
    return try Executable.shell("\"$VAE_TRAIN\" --epochs 1 --no-images --quiet \(options) \(arguments)", in: folder)
  }

  /// `link/..` is the folder that the link's target lies in, not the one that the link does.
  @Test func theWayBackFromALinkIsTheKernels() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      """
      mkdir -p far/inner && mv data far/data && ln -s far/inner link && \
      "$VAE_TRAIN" --epochs 1 --no-images --quiet --hidden 8 --data link/../data --output link/../run && \
      ls far && "$VAE_TRAIN" evaluate far/run
      """, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.outputLines.prefix(3) == ["data", "inner", "run"])
  }

  #if os(Linux)
    @Test func aNameMayBeAnyBytes() throws {
      let folder = try TemporaryFolder()
      try Tiny.writeData(in: folder)
      let result = try Executable.shell(
        """
        name=$'d\\xe9' && mv data "$name" && \
        "$VAE_TRAIN" --epochs 1 --no-images --quiet --hidden 8 --data "$name" --output "run-$name" && \
        test -e "run-$name/model.safetensors" && "$VAE_TRAIN" --resume "run-$name" --epochs 2 --quiet && \
        "$VAE_TRAIN" evaluate "run-$name" >/dev/null && \
        "$VAE_TRAIN" encode "run-$name" --output "$name.csv" && test -s "$name.csv" && ls | wc -l
        """, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.outputLines.last == "3")
    }

    @Test func anErrorNamesItByItsBytes() throws {
      let folder = try TemporaryFolder()
      let result = try Executable.shell(
        "\"$VAE_TRAIN\" --data $'nowhere-\\xe9' 2>&1 | grep -ac $'nowhere-\\xe9:'", in: folder)
      #expect(result.output == "1\n")
    }
  #endif

  /// The shell expands ~ where it does; the program nowhere.
  @Test func aTildeIsAName() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let missing = try Self.start("--data=~/data --output run", in: folder)
    #expect(missing.status == 1 && missing.errors.contains("/~/data: expected"), "\(missing.errors)")
    #expect(try Executable.shell("mkdir '~' && mv data '~'", in: folder).status == 0)
    #expect(try Self.start("--data=~/data --output=~/run", in: folder).status == 0)
    #expect(try !folder.read("~/run/model.safetensors").isEmpty)
  }

  @Test func startsAtTheSameTimeGetFoldersOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell(
      """
      for seed in 1 2 3 4 5 6 7 8; do
        "$VAE_TRAIN" --data data --epochs 1 --no-images --quiet --hidden 8 --threads 1 --seed $seed &
      done; wait; ls runs/*/model.safetensors | wc -l
      """, in: folder)
    #expect(result.output == "8\n" && result.errors == "", "\(result.errors)")
  }

  /// As archives of MNIST unpack to: folders with the names of the files that are in them, alone or beside the files.
  @Test(arguments: [true, false])
  func theFilesMayBeInFoldersOfTheirNames(beside: Bool) throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let copy = beside ? "cp \"$f\" \"unpacked/${f/-idx/.idx}\"; " : ""
    let result = try Executable.shell(
      """
      cd data; mkdir unpacked; for f in *ubyte; do \(copy)mkdir "unpacked/$f"; cp "$f" "unpacked/$f/$f"; done
      """, in: folder)
    #expect(result.status == 0)
    let trained = try Self.start("--data data/unpacked --output run --conditional", in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
  }

  @Test func theFilesMayBeNamedInCapitals() throws {
    let folder = try TemporaryFolder()
    try Tiny.writeData(in: folder)
    let result = try Executable.shell("cd data; for f in *; do mv $f ${f^^}; done; gzip T10K-IMAGES*", in: folder)
    #expect(result.status == 0)
    let trained = try Self.start("--data data --output run --conditional", in: folder)
    #expect(trained.status == 0, "\(trained.errors)")
  }
}
