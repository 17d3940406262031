using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>Which part of its pool a service uses.</summary>
public enum PoolUse
{
    /// <summary>Backends that are up.</summary>
    Usual,

    /// <summary>Last-resort backends: no other is up.</summary>
    Backups,

    /// <summary>All, whatever their verdict: too many are down for the verdicts to be believed.</summary>
    Panic,
}

/// <summary>
/// Which backends of a service take new flows, with which weight, and which keep the flows they have. It follows from the
/// config and the verdicts alone, so nodes that have agreed on those choose the same. Pure.
/// </summary>
/// <remarks>
/// Only enabled backends of a weight above 0 count; of these backups are apart.
/// <list type="number">
/// <item>None of the others is up, and some backup is: those backups take everything. A server that works is better than
/// one that does not.</item>
/// <item>So much of the others' weight is down that less than the panic threshold is left: all of them are used. Whoever
/// waits for a first verdict is not down.</item>
/// <item>Else those that are up are used.</item>
/// </list>
/// One that comes up slowly (<see cref="SlowStart"/>) has a share of its weight; not in panic, in which all that there is is needed.
/// A backup that is down is never used. A pool of nothing but backups uses those that are up.
/// </remarks>
public sealed class PoolChoice
{
    private readonly ImmutableDictionary<uint, int> _shares;

    private PoolChoice(PoolUse use, ImmutableDictionary<uint, int> shares)
    {
        Use = use;
        _shares = shares;
    }

    /// <summary>Which part is used.</summary>
    public PoolUse Use { get; }

    /// <summary>Whether anybody takes new flows.</summary>
    public bool HasBackend => !_shares.IsEmpty;

    /// <summary>Chooses.</summary>
    public static PoolChoice Of(ServiceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        PoolMember[] enabled = [.. state.Members.Values.Where(member => member.IsEnabled && member.Weight > 0)];
        ILookup<bool, PoolMember> byBackup = enabled.ToLookup(member => member.Backup);
        PoolUse use = UseOf([.. byBackup[false]], byBackup[true], state.Config.Pool.PanicThreshold);
        IEnumerable<PoolMember> used = use switch
        {
            PoolUse.Panic => byBackup[false],
            PoolUse.Backups => byBackup[true].Where(member => member.Share > 0),
            _ => byBackup[false].Where(member => member.Share > 0),
        };
        return new PoolChoice(use, Weigh([.. used], use == PoolUse.Panic ? null : state.Config.Pool));
    }

    /// <summary>Weight for new flows.</summary>
    public int ShareOf(PoolMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return _shares.GetValueOrDefault(member.Id);
    }

    /// <summary>Flows that it has stay with it. One that is used in panic keeps them, or it would lose them with each change.</summary>
    public bool IsAlive(PoolMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.IsAlive || ShareOf(member) > 0;
    }

    private static ImmutableDictionary<uint, int> Weigh(PoolMember[] used, PoolPolicy? policy)
    {
        if (policy is null || Array.TrueForAll(used, member => member.Step == 0))
        {
            return used.ToImmutableDictionary(member => member.Id, member => member.Weight);
        }

        int heaviest = used.Max(member => member.Weight);
        return used.ToImmutableDictionary(
            member => member.Id,
            member => SlowStart.Weigh(member.Weight, SlowStart.Thousandths(member.Step, policy.SlowStartFrom), heaviest));
    }

    private static PoolUse UseOf(PoolMember[] others, IEnumerable<PoolMember> backups, double threshold)
    {
        if (!others.Any(member => member.IsAlive) && backups.Any(member => member.IsAlive))
        {
            return PoolUse.Backups;
        }

        long all = others.Sum(member => (long)member.Weight);
        long left = others.Where(member => member.Verdict != HealthVerdict.Down).Sum(member => (long)member.Weight);
        return left < threshold * all ? PoolUse.Panic : PoolUse.Usual;
    }
}
