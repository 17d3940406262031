using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Backends that drain, and what becomes of the flows that they have when their time is over.</summary>
internal sealed partial class ServiceActor
{
    /// <summary>A timer of the system is early by a little, and the time of day may be set back.</summary>
    private static readonly TimeSpan s_drainLeast = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_drainMost = TimeSpan.FromMinutes(1);

    private readonly HashSet<Endpoint> _drainsSaid = [];
    private ImmutableDictionary<Endpoint, DateTimeOffset> _drainsSince = ImmutableDictionary<Endpoint, DateTimeOffset>.Empty;
    private PoolDrains _drains = PoolDrains.None;
    private long _drainEnded;

    /// <summary>Looks who drains, and ends what has had its time.</summary>
    private void FollowDrains()
    {
        DateTimeOffset now = _context.Clock.GetUtcNow();
        _drains = _drains.With(_state!, _drainsSince, now);
        ImmutableHashSet<Endpoint> over = _drains.Over(now);
        bool ends = _config.Pool.DrainThen == DrainThen.Reset;
        SayKept(ends ? [] : over);
        SayEnded(ends ? over : []);
        Carry(new ServiceCommand.EndDrains(ends ? over : []));
        if (_drains.Next(now) is { } next)
        {
            // Looked at again within a minute: the time of day may be set.
            TimeSpan wait = next < s_drainLeast ? s_drainLeast : next > s_drainMost ? s_drainMost : next;
            Timers.StartSingleTimer(DrainsDue.Instance, DrainsDue.Instance, wait);
        }
        else
        {
            Timers.Cancel(DrainsDue.Instance);
        }
    }

    /// <summary>
    /// Connections whose IDs name a backend are in no flow table: they have as long as a flow without packets is remembered.
    /// </summary>
    private bool MayBeNamed(PoolMember member) =>
        _config.Quic is not null
        && member.ServerId is not null
        && _drains.Drains.GetValueOrDefault(member.Socket) is { } drain
        && _context.Clock.GetUtcNow() - drain.Since < _config.FlowMemory;

    private void SayKept(ImmutableHashSet<Endpoint> over)
    {
        _drainsSaid.IntersectWith(over);
        foreach (PoolMember member in over.Where(_drainsSaid.Add).Select(backend => _state!.Members[backend]))
        {
            _log.DrainKept(_config.Name, member.Name, _tracked.GetValueOrDefault(member.Id).Total);
        }
    }

    /// <summary>After a restart what was ended before it is not there to be ended once more.</summary>
    private void SayEnded(ImmutableHashSet<Endpoint> over)
    {
        foreach (PoolMember member in over.Select(backend => _state!.Members[backend]).Where(member => member.IsAlive))
        {
            int flows = _tracked.GetValueOrDefault(member.Id).Total;
            _drainEnded += flows;
            _log.DrainEnded(_config.Name, member.Name, flows);
        }
    }

    private sealed record DrainsDue
    {
        public static readonly DrainsDue Instance = new();
    }
}
