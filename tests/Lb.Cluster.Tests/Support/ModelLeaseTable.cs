using Lb.Cluster.Leases;

namespace Lb.Cluster.Tests.Support;

/// <summary>What a table of leases is to do, in a few lines.</summary>
internal sealed class ModelLeaseTable(Func<long> now)
{
    private Dictionary<string, Row> _rows = [];

    internal List<long> Granted { get; } = [];

    internal long? TryAcquire(LeaseHolder holder, long floor, TimeSpan timeToLive)
    {
        var row = _rows.GetValueOrDefault(holder.Name);
        if (row is not null && row.ExpiresAt > now() && row.Holder != holder)
        {
            return null;
        }

        var term = Math.Max(Math.Max((row?.Term ?? 0) + 1, floor + 1), now());
        _rows[holder.Name] = new Row(holder, term, now() + (long)timeToLive.TotalMilliseconds);
        Granted.Add(term);
        return term;
    }

    internal bool Renew(LeaseHolder holder, long term, TimeSpan timeToLive) =>
        Change(holder, term, row => row with
        {
            ExpiresAt = Math.Max(row.ExpiresAt, now() + (long)timeToLive.TotalMilliseconds),
        });

    internal bool Release(LeaseHolder holder, long term) => Change(holder, term, row => row with { ExpiresAt = 0 });

    internal LeaseRecord? Read(string name) => _rows.GetValueOrDefault(name) is { } row
        ? new LeaseRecord(
            name, row.Holder.Owner, row.Term, DateTimeOffset.UnixEpoch,
            TimeSpan.FromMilliseconds(row.ExpiresAt - now()))
        : null;

    internal object Backup() => new Dictionary<string, Row>(_rows);

    internal void Restore(object backup) => _rows = new Dictionary<string, Row>((Dictionary<string, Row>)backup);

    private bool Change(LeaseHolder holder, long term, Func<Row, Row> change)
    {
        if (_rows.GetValueOrDefault(holder.Name) is not { } row || row.Holder != holder || row.Term != term
            || row.ExpiresAt <= now())
        {
            return false;
        }

        _rows[holder.Name] = change(row);
        return true;
    }

    private sealed record Row(LeaseHolder Holder, long Term, long ExpiresAt);
}
