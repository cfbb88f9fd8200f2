/// What a backup says about itself.
enum BackupManifest {
    /// The name of its file: it is written last, a folder without it is no backup.
    static let fileName = "backup.json"
}
