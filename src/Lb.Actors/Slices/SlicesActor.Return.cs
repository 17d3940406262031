using Akka.Actor;

namespace Lb.Actors;

/// <summary>The end of the node's part in limits.</summary>
internal sealed partial class SlicesActor
{
    /// <summary>How long those who divide limits are waited for: one that has just begun has heard of all by then.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(1);

    private readonly List<IActorRef> _returners = [];
    private ReturnSlices? _returning;
    private bool _isReturned;

    private void OnReturn(ReturnSlices wanted)
    {
        OnMembers();
        Configure();
        Observe();
        bool first = _returning is null;
        _returning = new ReturnSlices(wanted.EndsRelays || _returning is { EndsRelays: true });
        _returners.Add(Sender);
        if (first)
        {
            Carry(_book.End);
        }

        if (wanted.EndsRelays)
        {
            // Not before they may admit nothing, so that nobody comes in while they end.
            Context.Parent.Tell(new EndRelays());
        }

        Timers.StartSingleTimer(ReturnOver.Instance, ReturnOver.Instance, ReturnTime);
        LookForReturn();
    }

    private void LookForReturn()
    {
        if (_returners.Count == 0)
        {
            return;
        }

        bool over = _returning is { EndsRelays: false } || _relays.Values.All(relay => relay.Shares.IsOver);
        Observe();
        if (over && (_book.IsReturned || !_book.IsHeard))
        {
            OnReturnOver();
        }
    }

    private void OnReturnOver()
    {
        Timers.Cancel(ReturnOver.Instance);
        bool done = _book.IsReturned;
        if (_relays.Count > 0 && !_isReturned)
        {
            Say(done);
        }

        foreach (IActorRef returner in _returners)
        {
            returner.Tell(new SlicesReturned(done));
        }

        _returners.Clear();
    }

    private void Say(bool isReturned)
    {
        if (!isReturned)
        {
            _log.LimitsNotReturned(SliceTimes.LeaseOver.TotalSeconds);
        }
        else if (_book.IsHeard)
        {
            _isReturned = true;
            _log.LimitsReturned();
        }
    }

    private sealed record ReturnOver
    {
        public static readonly ReturnOver Instance = new();
    }
}
