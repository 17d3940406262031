using Lb.Actors;
using Lb.Host.Configuration;
using Microsoft.Data.Sqlite;

namespace Lb.Host.Running;

/// <summary>From the node's options to the site's journal.</summary>
internal static class JournalSettings
{
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Name of the database's provider and how it is reached; the folder of a file is made.</summary>
    /// <exception cref="NodeFailure">The folder cannot be had.</exception>
    public static (string Provider, string ConnectionString) OpenJournal(this NodeOptions options)
    {
        return options.Journal.Open($"{options.Site}.db", "lb.journal.directory");
    }

    /// <summary>The database that all nodes of a cluster share; the folder of a file is made.</summary>
    /// <exception cref="NodeFailure">The folder cannot be had.</exception>
    public static (string Provider, string ConnectionString) OpenDatabase(this ClusterOptions options) =>
        options.Database.Open($"cluster-{options.Name}.db", "lb.cluster.directory");

    private static (string Provider, string ConnectionString) Open(this JournalOptions journal, string file, string key)
    {
        if (journal.Provider == JournalProvider.PostgreSql)
        {
            return ("PostgreSQL.15", journal.ConnectionString);
        }

        try
        {
            Directory.CreateDirectory(journal.Directory, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeFailure(
                $"{journal.Directory} ({key}) cannot be made: {e.Message} Choose another folder.", e);
        }

        SqliteConnectionStringBuilder connection = new()
        {
            DataSource = Path.Combine(journal.Directory, file),
        };
        return ("SQLite.MS", connection.ConnectionString);
    }

    /// <summary>A file as the site's actor is told of it.</summary>
    /// <param name="config">What the file says.</param>
    /// <param name="file">The file.</param>
    /// <param name="why">What made the process read it.</param>
    public static ApplyConfig ToApply(this LoadedConfig config, string file, string why) => new(
        config.Site,
        new ChangeInfo(
            ChangeOrigin.File, Environment.UserName, Path.GetFullPath(file), why, TimeProvider.System.GetUtcNow()));
}
