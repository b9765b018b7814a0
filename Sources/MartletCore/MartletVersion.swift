/// The version of this library.
public enum MartletVersion {
    public static let current = "0.1.0"
}
