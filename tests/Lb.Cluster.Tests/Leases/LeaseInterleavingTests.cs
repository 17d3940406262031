using Akka.Configuration;
using Akka.Coordination;
using Akka.Subset.Tests.Support;
using Lb.Cluster.Leases;
using Lb.Cluster.Tests.Support;

namespace Lb.Cluster.Tests.Leases;

/// <summary>Many random worlds in virtual time: holders that are halted, clocks that are off, a database in trouble.</summary>
public sealed class LeaseInterleavingTests
{
    private const int Worlds = 3000;
    private const int Steps = 120;
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(6);

    [Fact]
    public void Holders_whose_clocks_are_ten_minutes_off_never_hold_at_once()
    {
        var held = 0;
        var lost = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new World(seed, trouble: seed % 3 * 20);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
                var holders = world.Holders();
                Assert.True(holders.Count <= 1, $"seed {seed}, step {step}: held by {string.Join(" and ", holders)}");
                held += holders.Count;
            }

            Assert.True(world.TermsGrow(), $"seed {seed}: a term was not higher than the one before it");
            lost += world.Lost;
        }

        Assert.True(held > Worlds * Steps / 4, $"the lease was held at {held} steps only");
        Assert.True(lost > Worlds / 2, $"the lease was lost {lost} times only");
    }

    [Fact]
    public void Terms_grow_over_a_restored_backup_whoever_takes_the_lease_next()
    {
        for (var seed = 0; seed < Worlds / 3; seed++)
        {
            var world = new World(seed, trouble: 10);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
                if (step == Steps / 3)
                {
                    world.Backup();
                }

                if (step == Steps / 2)
                {
                    world.Restore();
                }
            }

            Assert.True(world.TermsGrow(), $"seed {seed}: a term was not higher than the one before it");
        }
    }

    private sealed class World
    {
        private readonly FakeTime _time = new();
        private readonly Random _random;
        private readonly ModelLeaseTable _table;
        private readonly List<(VirtualProcess Process, SqlLease Lease)> _holders = [];
        private object? _backup;

        internal World(int seed, int trouble)
        {
            _random = new Random(seed);
            _table = new ModelLeaseTable(() => _time.GetTimestamp() / TimeSpan.TicksPerMillisecond);
            for (var i = 0; i < 3; i++)
            {
                var process = new VirtualProcess(_time, TimeSpan.FromMinutes((i - 1) * 10));
                var table = new VirtualLeaseTable(_table, _time, _random, process.Clock) { Trouble = trouble };
                var settings = new LeaseSettings(
                    "lease", $"node{i}", new TimeoutSettings(Ttl / 6, Ttl, Ttl / 3),
                    ConfigurationFactory.ParseString("safety-margin = 0s"));
                var lease = new SqlLease(settings, table, process.Clock, process.Start);
                _holders.Add((process, lease));
                process.Start(() => LiveAsync(lease, process.Clock));
            }
        }

        internal int Lost { get; private set; }

        internal List<string> Holders() =>
            [.. _holders.Where(h => h.Lease.CheckLease()).Select(h => h.Lease.Settings.OwnerName)];

        internal bool TermsGrow() =>
            _table.Granted.Zip(_table.Granted.Skip(1), (one, next) => one < next).All(grows => grows);

        internal void Backup() => _backup = _table.Backup();

        internal void Restore() => _table.Restore(_backup!);

        internal void Step()
        {
            var (process, _) = _holders[_random.Next(_holders.Count)];
            process.IsHalted = _random.Next(4) == 0;
            _time.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 700)));
            while (_holders.Select(holder => holder.Process.Run()).ToList().Contains(true))
            {
                // What one did may have given another something to do.
            }
        }

        private async Task LiveAsync(SqlLease lease, TimeProvider clock)
        {
            while (true)
            {
                try
                {
                    if (await lease.Acquire(_ => Lost++))
                    {
                        await Task.Delay(Ttl * 3 * _random.NextDouble(), clock);
                        await lease.Release();
                    }
                }
                catch (LeaseException)
                {
                    // The database was in trouble.
                }

                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 2000)), clock);
            }
        }
    }
}
