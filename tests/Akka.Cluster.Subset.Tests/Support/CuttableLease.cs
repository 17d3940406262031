using System.Collections.Concurrent;
using Akka.Coordination;
using Lb.Cluster.Database;
using Lb.Cluster.Leases;

namespace Akka.Cluster.Subset.Tests.Support;

/// <summary>The lease that Lb uses, with a line to its database that a test can cut for one owner.</summary>
public sealed class CuttableLease(LeaseSettings settings) : Lease(settings)
{
    private readonly SqlLease _lease = new(
        settings,
        new Line(
            new SqlLeaseTable(
                ClusterDatabase.Of("SQLite", settings.LeaseConfig.GetString("connection-string")!),
                TimeProvider.System),
            settings.OwnerName),
        TimeProvider.System);

    /// <summary>The owners whose line is cut.</summary>
    internal static ConcurrentDictionary<string, bool> Cut { get; } = new();

    /// <summary>The term that was held last by an owner, by its name.</summary>
    internal static ConcurrentDictionary<string, SqlLease> Leases { get; } = new();

    public override Task<bool> Acquire() => Acquire(_ => { });

    public override Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        Leases[Settings.OwnerName] = _lease;
        return _lease.Acquire(leaseLostCallback);
    }

    public override Task<bool> Release() => _lease.Release();

    public override bool CheckLease() => _lease.CheckLease();

    private sealed class Line(SqlLeaseTable table, string owner) : ILeaseTable
    {
        public Task<long?> TryAcquireAsync(LeaseHolder holder, long floor, TimeSpan timeToLive, TimeSpan timeout) =>
            Try(() => table.TryAcquireAsync(holder, floor, timeToLive, timeout));

        public Task<bool> RenewAsync(LeaseHolder holder, long term, TimeSpan timeToLive, TimeSpan timeout) =>
            Try(() => table.RenewAsync(holder, term, timeToLive, timeout));

        public Task<bool> ReleaseAsync(LeaseHolder holder, long term, TimeSpan timeout) =>
            Try(() => table.ReleaseAsync(holder, term, timeout));

        public Task<LeaseRecord?> ReadAsync(string name, TimeSpan timeout) =>
            Try(() => table.ReadAsync(name, timeout));

        private Task<T> Try<T>(Func<Task<T>> ask) =>
            Cut.ContainsKey(owner) ? Task.FromException<T>(new IOException("The line is cut")) : ask();
    }
}
