internal import GRDB

/// The database's schema, as the steps that lead to it. A step that has run anywhere is never edited: add another.
enum UserSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("users") { database in
            try database.execute(
                sql: """
                    CREATE TABLE user (
                        position INTEGER PRIMARY KEY AUTOINCREMENT, -- order of creation; never used twice
                        id TEXT NOT NULL UNIQUE,
                        email TEXT NOT NULL,
                        email_key TEXT NOT NULL UNIQUE,             -- email in lower case
                        display_name TEXT NOT NULL,
                        created_at INTEGER NOT NULL,                -- milliseconds since 1970
                        updated_at INTEGER NOT NULL
                    ) STRICT
                    """)
        }
        return migrator
    }
}
