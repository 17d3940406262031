namespace Akka.Persistence.Sql.Config
{
    /// <summary>Where the tags of an event are stored.</summary>
    public enum TagMode
    {
        /// <summary>In a column of the event.</summary>
        Csv = 0,

        /// <summary>In a table.</summary>
        TagTable = 1,

        /// <summary>In both.</summary>
        Both = 2,
    }
}

namespace Akka.Persistence.Sql.Hosting
{
    /// <summary>The names of tables and columns.</summary>
    public enum DatabaseMapping
    {
        /// <summary>Those of Akka.Persistence.Sql.</summary>
        Default = 0,

        /// <summary>Those of an older plug-in.</summary>
        Sqlite = 1,

        /// <summary>Those of an older plug-in.</summary>
        SqlServer = 2,

        /// <summary>Those of an older plug-in.</summary>
        PostgreSql = 3,

        /// <summary>Those of an older plug-in.</summary>
        MySql = 4,
    }
}
