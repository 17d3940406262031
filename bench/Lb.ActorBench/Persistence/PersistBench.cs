using Akka.Actor;
using Lb.Testing;
using Microsoft.Data.Sqlite;

namespace Lb.ActorBench.Persistence;

/// <summary>
/// Events a second that are durable and whose handlers have run: one event a command, by many actors at once, which
/// share commits, and by one alone, which waits for a commit each time.
/// </summary>
internal static class PersistBench
{
    private const int ManyActors = 1000;
    private const int SomeActors = 100;
    private const double SqliteBar = 20_000;

    public static IEnumerable<Figure> OnSqlite(Options options)
    {
        var directory = Directory.CreateTempSubdirectory("lb-bench-");
        try
        {
            yield return new Figure(
                "the disk makes 4 KiB durable", "ms", Disk.FlushMilliseconds(directory.FullName));
            var file = Path.Combine(directory.FullName, "lb.db");
            foreach (var figure in Run(options, "SQLite", $"Data Source={file}", Bar.AtLeast(SqliteBar)))
            {
                yield return figure;
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            directory.Delete(recursive: true);
        }
    }

    public static IEnumerable<Figure> OnPostgres(Options options)
    {
        if (!TemporaryPostgres.IsInstalled)
        {
            Console.WriteLine("PostgreSQL is not installed (package postgresql): its figures are left out.");
            yield break;
        }

        var server = TemporaryPostgres.StartAsync().GetAwaiter().GetResult();
        try
        {
            var database = server.CreateDatabaseAsync().GetAwaiter().GetResult();
            foreach (var figure in Run(options, "PostgreSQL", server.ConnectionString(database), null))
            {
                yield return figure;
            }
        }
        finally
        {
            server.DisposeAsync().AsTask().Wait();
        }
    }

    private static IEnumerable<Figure> Run(Options options, string provider, string connectionString, Bar? bar)
    {
        using var bench = Store.Open(provider, connectionString);
        var persisted = new Counter();
        var actors = Enumerable.Range(0, ManyActors)
            .Select(i => bench.System.ActorOf(Props.Create(() => new Saver($"backend-{i}", persisted)), $"saver-{i}"))
            .ToArray();
        foreach (var count in (int[])[ManyActors, SomeActors])
        {
            yield return new Figure(
                $"persist, {provider}, {count:N0} actors at once", "events/s",
                Rate(options, actors[..count], options.Scaled(50_000), persisted), bar);
        }

        yield return new Figure(
            $"persist, {provider}, one actor alone", "events/s",
            Rate(options, actors[..1], options.Scaled(1000), persisted));
    }

    private static Throughput Rate(Options options, IActorRef[] actors, int events, Counter persisted)
    {
        var command = new ChangeWeight(
            new WeightChanged("10.0.7.21:8080/tcp", 75, "operator@example", "slow start after a kernel upgrade"));
        return Measure.Rate(options, events, () => persisted.Await(events, () =>
        {
            for (var i = 0; i < events; i++)
            {
                actors[i % actors.Length].Tell(command);
            }
        }));
    }
}
