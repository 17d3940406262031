using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Hosting.Subset.Tests.Support;
using Akka.Persistence;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Hosting;
using Akka.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.Hosting.Subset.Tests;

public sealed class SqlPersistenceTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lb-hosting-");

    private string ConnectionString => $"Data Source={Path.Combine(_directory.FullName, "lb.db")}";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Events_and_snapshots_in_sqlite_outlive_the_host()
    {
        await using (TestHost first = await StartAsync(akka => akka.WithSqlPersistence(ConnectionString, "SQLite.MS")))
        {
            Assert.Equal(3, await AskAsync(first, 3));
            Assert.Equal(3, await AskAsync(first, "save"));
            Assert.Equal(7, await AskAsync(first, 4));
            await first.StopAsync();
        }

        await using TestHost second = await StartAsync(
            akka => akka.WithSqlPersistence(ConnectionString, "SQLite.MS"));
        Assert.Equal(12, await AskAsync(second, 5));
        Assert.Equal(3L, Scalar("SELECT MAX(sequence_number) FROM journal"));
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM snapshot"));
    }

    [Fact]
    public async Task Snapshots_may_be_in_memory_beside_events_in_sqlite()
    {
        await using TestHost host = await StartAsync(akka => akka
            .WithSqlPersistence(ConnectionString, "SQLite.MS", PersistenceMode.Journal)
            .WithInMemorySnapshotStore());

        Assert.Equal(3, await AskAsync(host, 3));
        Assert.Equal(3, await AskAsync(host, "save"));
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM journal"));
    }

    [Fact]
    public async Task Everything_may_be_in_memory()
    {
        await using TestHost host = await StartAsync(
            akka => akka.WithInMemoryJournal().WithInMemorySnapshotStore());

        Assert.Equal(3, await AskAsync(host, 3));
        Assert.Equal(3, await AskAsync(host, "save"));
        host.System.Stop(host.Registry.Get<Sum>());
        host.Registry.Register<Sum>(host.System.ActorOf(Sum.Props), overwrite: true);
        Assert.Equal(7, await AskAsync(host, 4));
    }

    [Theory]
    [InlineData(PersistenceMode.Both, "akka.persistence.journal.store", "akka.persistence.snapshot-store.store")]
    [InlineData(PersistenceMode.Journal, "akka.persistence.journal.store", null)]
    [InlineData(PersistenceMode.SnapshotStore, null, "akka.persistence.snapshot-store.store")]
    public void Mode_and_identifier_say_which_plugins_are_the_default(
        PersistenceMode mode, string? journal, string? snapshots)
    {
        AkkaConfigurationBuilder akka = new(new ServiceCollection(), "test");
        akka.AddHocon("akka.persistence.other = 1", HoconAddMode.Append);
        akka.WithSqlPersistence("Data Source=\"a b\"", "SQLite.MS", mode, pluginIdentifier: "store");

        var config = akka.Configuration.Value;
        Assert.Equal(journal, config.GetString("akka.persistence.journal.plugin"));
        Assert.Equal(snapshots, config.GetString("akka.persistence.snapshot-store.plugin"));
        Assert.Equal("Data Source=\"a b\"", config.GetString($"{journal ?? snapshots}.connection-string"));
        Assert.Equal(1, config.GetInt("akka.persistence.other"));
    }

    [Fact]
    public void Arguments_that_say_nothing_are_refused()
    {
        AkkaConfigurationBuilder akka = new(new ServiceCollection(), "test");
        Assert.Throws<ArgumentNullException>(() => akka.WithSqlPersistence("", "SQLite.MS"));
        Assert.Throws<ArgumentNullException>(() => akka.WithSqlPersistence(ConnectionString, " "));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => akka.WithSqlPersistence(ConnectionString, "SQLite.MS", (PersistenceMode)9));
        Assert.ThrowsAny<Exception>(() => akka.WithSqlPersistence(
            ConnectionString, "SQLite.MS", PersistenceMode.SnapshotStore, journalBuilder: _ => { }));
    }

    private static Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> configure) => TestHost.StartAsync(akka =>
    {
        akka.WithCustomSerializer("sum", [typeof(Sum.Added), typeof(Sum.Total)], system => new SumSerializer(system));
        akka.WithActors((system, registry) => registry.Register<Sum>(system.ActorOf(Sum.Props)));
        configure(akka);
    });

    private static Task<int> AskAsync(TestHost host, object message) =>
        host.Registry.Get<Sum>().Ask<int>(message, TestHost.Deadline);

    private object? Scalar(string sql)
    {
        using SqliteConnection connection = new(ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Adds up numbers.</summary>
    private sealed class Sum : ReceivePersistentActor
    {
        private int _sum;
        private IActorRef _asker = ActorRefs.Nobody;

        public Sum()
        {
            Recover<Added>(added => _sum += added.Number);
            Recover<SnapshotOffer>(offer => _sum = ((Total)offer.Snapshot).Number);
            Command<int>(number => Persist(new Added(number), added =>
            {
                _sum += added.Number;
                Sender.Tell(_sum);
            }));
            Command<string>(_ =>
            {
                _asker = Sender;
                SaveSnapshot(new Total(_sum));
            });
            Command<SaveSnapshotSuccess>(_ => _asker.Tell(_sum));
        }

        public static Props Props { get; } = Props.Create(() => new Sum());

        public override string PersistenceId => "sum";

        public sealed record Added(int Number);

        public sealed record Total(int Number);
    }

    private sealed class SumSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override string Manifest(object o) => o is Sum.Added ? "added" : "total";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(
            (obj is Sum.Added added ? added.Number : ((Sum.Total)obj).Number).ToString(CultureInfo.InvariantCulture));

        public override object FromBinary(byte[] bytes, string manifest)
        {
            int number = int.Parse(bytes, CultureInfo.InvariantCulture);
            return manifest == "added" ? new Sum.Added(number) : new Sum.Total(number);
        }
    }
}
