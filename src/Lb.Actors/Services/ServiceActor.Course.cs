using Akka.Actor;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How the service moves to a relay or full-nat and from it without losing a flow.</summary>
internal sealed partial class ServiceActor
{
    private static readonly TimeSpan DrainPace = TimeSpan.FromSeconds(1);

    /// <summary>Looks after a move until a relay without connections is taken for drained: handshakes may be on their way.</summary>
    private const int DrainLooks = 5;

    private ModeCourse _course = ModeCourse.Start(default);
    private int _looks;

    /// <summary>Goes as far towards the mode of the config as it can.</summary>
    private void Turn(bool listens)
    {
        if (_course.Mode == _config.Mode)
        {
            return;
        }

        ModeCourse before = _course;
        _course = _course.Turn(_config.Mode, listens, _context.Now);
        if (_course == before)
        {
            return;
        }

        if (_course.Older is { } older)
        {
            _log.ServiceMoves(_config.Name, _course.Mode, older);
        }

        _looks = 0;
        if (_course.DrainsRelay)
        {
            Timers.StartPeriodicTimer(Drain.Instance, Drain.Instance, DrainPace);
        }

        BuildSoon();
    }

    private void TellRelay()
    {
        if (_generation is not null && (_config.Mode == ForwardingMode.Tproxy || _generation.Desired.UsesRelay))
        {
            Context.Parent.Tell(new RouteRelay(_config.Name, _config.Vip, RelayTables.Of(_generation), Self));
        }
    }

    private void OnRelayListens() => Turn(listens: true);

    /// <summary>Asks the relay whether it has connections left, from when the kernel no longer gives it new ones.</summary>
    private void OnDrain()
    {
        if (!_course.DrainsRelay)
        {
            Timers.Cancel(Drain.Instance);
            return;
        }

        if (_generation is not { Desired.Mode: not ForwardingMode.Tproxy } || _written < _generation.Desired.Revision)
        {
            return;
        }

        _looks++;
        TimeSpan limit = _config.Relay.Limits.DrainTimeout;
        bool overdue = limit > TimeSpan.Zero && _context.Now - _course.Since >= limit.Ticks;
        if (overdue || _looks >= DrainLooks)
        {
            Context.Parent.Tell(new DrainRelay(_config.Name, _config.Vip, overdue, Self));
        }
    }

    private void OnRelayDrained(RelayDrained drained)
    {
        if (_course.DrainsRelay)
        {
            Settle(drained.Cut);
        }
    }

    /// <summary>Flows of the kernel path have ended when a sweep, later than their memory, sees none.</summary>
    private void SettleOlder(FlowsSwept swept)
    {
        if (_course.TracksOlder
            && OlderLeft(swept) == 0
            && _context.Now - _course.Since >= _config.FlowMemory.Ticks)
        {
            Settle(0);
        }
    }

    /// <summary>Flows of full-nat are told from others; without it all that are tracked are older.</summary>
    private int OlderLeft(FlowsSwept swept)
    {
        int all = swept.Flows.Values.Sum(count => count.Total);
        return _course.Older == ForwardingMode.FullNat ? swept.FullNat
            : _course.Mode == ForwardingMode.FullNat ? all - swept.FullNat
            : all;
    }

    private void Settle(long cut)
    {
        _log.ServiceMoved(_config.Name, _course.Mode, _course.Older!.Value, cut);
        _course = _course.Settle();
        BuildSoon();
        // A change may have waited for this one.
        Turn(listens: false);
    }

    private sealed record Drain
    {
        public static readonly Drain Instance = new();
    }
}
