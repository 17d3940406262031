using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Subset.Persistence.Tests.Sql.Databases;
using Xunit;
using Xunit.Abstractions;

namespace Akka.Subset.Persistence.Tests.Sql;

/// <summary>Many actors that start at once recover a limited number at a time.</summary>
public abstract class ManyRecoveriesTests(TestDatabase database, ITestOutputHelper output) : SqlTest(database)
{
    private const int Actors = 10_000;
    private const int Limit = 20;

    [Fact]
    public async Task Ten_thousand_actors_recover_at_start_and_never_more_at_a_time_than_configured()
    {
        var first = NewSystem();
        await Task.WhenAll(OpenAll(first).Select((account, i) => AskAsync(account, i)));
        await EndAsync(first);

        var second = NewSystem(
            more: $"akka.persistence.max-concurrent-recoveries = {Limit}", journal: typeof(CountingJournal));
        var counts = CountingJournal.Of(second);
        var clock = Stopwatch.StartNew();
        var sums = await Task.WhenAll(OpenAll(second).Select(account => AskAsync(account, "sum")));

        output.WriteLine($"{Actors} recoveries in {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.Equal(Enumerable.Range(0, Actors), sums);
        Assert.Equal(Actors, counts.All);
        Assert.Equal(Limit, counts.Most);
    }

    private static List<IActorRef> OpenAll(ActorSystem system) =>
        [.. Enumerable.Range(0, Actors).Select(i => Open(system, $"a{i}"))];

    /// <summary>What a journal counted.</summary>
    internal sealed class Counts
    {
        private readonly Lock _lock = new();
        private int _now;

        /// <summary>How many recoveries there were at a time at most.</summary>
        internal int Most { get; private set; }

        internal int All { get; private set; }

        /// <summary>The first ones wait until there are as many as allowed.</summary>
        internal TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Begin()
        {
            lock (_lock)
            {
                All++;
                Most = Math.Max(Most, ++_now);
                if (_now == Limit)
                {
                    Reached.TrySetResult();
                }
            }
        }

        internal void End()
        {
            lock (_lock)
            {
                _now--;
            }
        }
    }

    /// <summary>Counts the recoveries that are under way.</summary>
    internal sealed class CountingJournal(Config config) : SqlWriteJournal(config)
    {
        private static readonly ConditionalWeakTable<ActorSystem, Counts> BySystem = [];

        private readonly Counts _counts = Of(Context.System);

        internal static Counts Of(ActorSystem system) => BySystem.GetValue(system, _ => new Counts());

        public override async Task<long> ReadHighestSequenceNrAsync(
            string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
        {
            _counts.Begin();
            await _counts.Reached.Task.WaitAsync(Deadline, cancellationToken);
            return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
        }

        public override async Task ReplayMessagesAsync(
            IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max,
            Action<IPersistentRepresentation> recoveryCallback)
        {
            await base.ReplayMessagesAsync(
                context, persistenceId, fromSequenceNr, toSequenceNr, max, recoveryCallback);
            _counts.End();
        }
    }
}

public sealed class SqliteManyRecoveriesTests(ITestOutputHelper output)
    : ManyRecoveriesTests(new SqliteTestDatabase(), output);

[Collection(PostgresCollection.Name)]
public sealed class PostgresManyRecoveriesTests(PostgresServer server, ITestOutputHelper output)
    : ManyRecoveriesTests(new PostgresTestDatabase(server), output);
