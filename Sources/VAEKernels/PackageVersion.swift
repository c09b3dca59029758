/// The version of this package.
public enum PackageVersion {
  /// As in `vae-train --version`, run directories and tags.
  public static let current = "0.1.0"
}
